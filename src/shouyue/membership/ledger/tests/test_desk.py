"""Points on screens: the overview, and the panel of a customer."""

from datetime import UTC, datetime

import pytest

from shouyue.customers.models import Customer
from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.actions.nightly import prove_balances
from shouyue.membership.ledger.actions.points import enrol_members, move
from shouyue.membership.ledger.panels import POINTS
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
