"""Points on screens: the overview, and the panel of a customer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.models import Customer
from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.actions.nightly import expire_due, prove_balances
from shouyue.membership.ledger.actions.points import enrol_members, move
from shouyue.membership.ledger.panels import POINTS
from shouyue.membership.ledger.rules.accounting import breakage_fen
from shouyue.membership.ledger.rules.commands import Command
from shouyue.membership.ledger.rules.moves import Reason
from shouyue.store.models import Staff

NOW = datetime.now(UTC)


def member() -> Customer:
    customer = Customer.objects.create(kind="person", source="test", source_key=str(new_id()))
    enrol_members([customer.id], at=NOW)
    for reason, points in ((Reason.AWARD, 1234), (Reason.REDEMPTION, 34)):
        command = Command(id=new_id(), customer_id=customer.id, reason=reason, points=points, cost_fen=points)
        move(command, at=NOW, on=NOW.date(), by="test")
    return customer


@pytest.fixture
def reader(client, db):
    client.force_login(Staff.objects.create_user("a@example.com", "x", name="A", party="a"))
    return client


def test_the_overview_reconciles_and_shows_the_proof(reader) -> None:
    member()
    prove_balances(at=NOW, by="test")
    page = reader.get("/membership/points/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert page.context["rolled"].is_reconciled
    assert page.context["rolled"].closing == 1200
    assert "0 differ" in page.content.decode()


def test_a_members_page_shows_balance_lots_and_movements(reader) -> None:
    customer = member()
    page = reader.get(f"/customers/{customer.id}/", headers={"Accept-Language": "en"}).content.decode()
    assert "1,200" in page
    assert "Latest movements of points" in page


def test_the_panel_costs_the_same_for_one_member_and_for_thirty(reader, django_assert_num_queries) -> None:
    people = [member().id for _number in range(30)]
    for crowd in (people[:1], people):
        with django_assert_num_queries(3):
            shown = POINTS.contribute(crowd, Staff.objects.none())
        assert len(shown) == len(crowd)


def test_a_month_that_has_ended_closes_with_its_movements_and_the_next_one_opens_with_them(reader) -> None:
    customer = member()
    earlier = NOW.date().replace(day=1) - timedelta(days=40)
    command = Command(id=new_id(), customer_id=customer.id, reason=Reason.AWARD, points=500, cost_fen=499)
    move(command, at=NOW, on=earlier, by="test")
    then = reader.get(f"/membership/points/?month={earlier:%Y-%m}", headers={"Accept-Language": "en"})
    rolled = then.context["rolled"]
    assert (rolled.issued, rolled.closing, rolled.closing_fen) == (500, 500, 499)
    assert "by its movements" in then.content.decode()
    now = reader.get("/membership/points/?month=2999-01").context
    assert (now["rolled"].opening_fen, now["rolled"].is_reconciled, now["later"]) == (499, True, None)
    assert reader.get("/membership/points/?month=0001-01").context["month"] == date(1970, 1, 1)
    for senseless in ("soon", "2026-13"):
        assert reader.get(f"/membership/points/?month={senseless}").context["month"] == now["month"]


def test_breakage_is_what_was_never_used_of_points_whose_last_day_has_passed(reader) -> None:
    customer, last = member(), NOW.date() - timedelta(days=3)
    assert reader.get("/membership/points/").context["breakage"] is None
    made = Command.award(new_id(), customer.id, 400, cost_fen=400, days=(last, last))
    move(made, at=NOW, on=last, by="test")
    for _time in range(2):  # before the night takes them, and after it
        share, amount = reader.get("/membership/points/").context["breakage"]
        assert (share, amount) == (1.0, reader.get("/membership/points/").context["rolled"].closing_fen)
        expire_due(on=NOW.date(), at=NOW, by="test")


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(0, 10**6))
def test_breakage_lies_between_nothing_and_all_of_it(liability, expired, used):
    found = breakage_fen(liability, expired=expired, ended=expired + used)
    assert 0 <= found <= liability
    assert (found == 0) if not expired else (used or found == liability)
