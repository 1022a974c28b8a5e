"""Plans of the annexes: versions that the other party confirms, measures that are delivered on schedule."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.papers.queries import annex_paper
from shouyue.agreement.plans.actions import Delivered, PlanRefusedError, confirm_plan, deliver, propose_plan
from shouyue.agreement.plans.models import PlanVersion
from shouyue.agreement.plans.queries import plan_measures_due, plan_of
from shouyue.agreement.plans.rules.measures import PlannedMeasure, Standing, due_on, lacks, starts_on
from shouyue.agreement.terms.actions import sign_agreement
from shouyue.agreement.terms.models import Agreement
from shouyue.agreement.terms.rules.schedule import Term
from shouyue.agreement.terms.tests.sample_terms import SIGNED_AT, terms
from shouyue.store.models import Fact, Staff
from shouyue.web.paper import paper_digest

AT = datetime(2026, 4, 10, 2, 0, tzinfo=UTC)
ON = date(2026, 4, 10)
MONTHS = st.integers(1, 12)


def measure(**changes: Any) -> PlannedMeasure:
    values = {
        "key": "hotline",
        "title": "开通投诉热线",
        "clause": "4.4",
        "owner": "a",
        "first_month": 1,
        "last_month": 3,
        "goal": "两个工作日内答复",
        "budget_fen": 5_000_000,
    }
    return PlannedMeasure(**{**values, **changes})


OTHER = measure(key="training", title="客服培训", first_month=4, last_month=6, owner="both")


@given(MONTHS, MONTHS, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_a_measure_starts_before_it_is_due_within_the_term(first: int, last: int, ends_on: date) -> None:
    term = Term(starts_on=date(2026, 1, 1), ends_on=ends_on)
    one = measure(first_month=min(first, last), last_month=max(first, last))
    assert lacks([one], 12) == []
    assert starts_on(one, term) <= due_on(one, term) <= ends_on


def test_measures_that_are_no_plan() -> None:
    wrong = [measure(owner="c"), measure(first_month=4), measure(last_month=13)]
    assert [lacks([one], 12) for one in wrong] == [["owner"], ["months"], ["months"]]
    assert lacks([], 12) == ["empty"]
    assert lacks([measure(), measure()], 12) == ["keys"]


@pytest.fixture
def signed(db: None) -> Agreement:
    return sign_agreement(terms(), by="staff:1", at=SIGNED_AT)


@pytest.fixture
def a() -> Staff:
    return Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a")


@pytest.fixture
def b() -> Staff:
    return Staff.objects.create_user("zhou@party-b.example", name="周远", party="b")


def propose(agreement: Agreement, by: Staff, *measures: PlannedMeasure, after: int = 0) -> PlanVersion:
    given = measures or (measure(), OTHER)
    return propose_plan(agreement, 1, given, goals="投诉两个工作日内答复。", after_version=after, by=by, at=AT)


def test_a_version_holds_once_the_other_party_confirmed_it(signed: Agreement, a: Staff, b: Staff) -> None:
    propose(signed, a)
    with pytest.raises(PlanRefusedError):
        confirm_plan(signed, 1, 1, by=a, at=AT)
    before = plan_of(signed, 1, on=ON)
    assert before is not None
    assert (before.holding, before.waits_for("b"), before.waits_for("a"), before.measures) == (None, True, False, [])
    confirmed = confirm_plan(signed, 1, 1, by=b, at=AT)
    assert confirm_plan(signed, 1, 1, by=b, at=AT) == confirmed
    propose(signed, b, measure(), after=1)
    with pytest.raises(PlanRefusedError) as refused:
        propose(signed, a, measure(), after=1)
    assert refused.value.reason == "changed_meanwhile"
    view = plan_of(signed, 1, on=ON)
    assert view is not None
    assert view.holding is not None
    assert (view.holding.version, view.waits_for("a")) == (1, True)
    assert [(one.standing, one.days_late) for one in view.measures] == [(Standing.OVERDUE, 10), (Standing.OPEN, 0)]
    assert list(Fact.objects.filter(kind__startswith="Plan").order_by("id").values_list("kind", flat=True)) == [
        "PlanProposed",
        "PlanConfirmed",
        "PlanProposed",
    ]


def _delivered(**changes: Any) -> Delivered:
    values = {"id": uuid4(), "annex": 1, "key": "hotline", "done_on": date(2026, 3, 20), "what": "热线已开通。"}
    return Delivered(**{**values, **changes})


def test_a_delivery_counts_on_its_first_day_and_stays_through_versions(signed: Agreement, a: Staff, b: Staff) -> None:
    propose(signed, a)
    confirm_plan(signed, 1, 1, by=b, at=AT)
    said = _delivered()
    row = deliver(signed, said, by=a, at=AT)
    assert deliver(signed, said, by=a, at=AT) == row
    deliver(signed, _delivered(done_on=date(2026, 4, 9)), by=a, at=AT)
    propose(signed, b, measure(title="开通投诉热线（含周末）"), after=1)
    confirm_plan(signed, 1, 2, by=a, at=AT)
    view = plan_of(signed, 1, on=ON)
    assert view is not None
    assert [(one.measure.title, one.standing) for one in view.measures] == [("开通投诉热线（含周末）", Standing.DONE)]
    assert plan_measures_due(signed.pk, on=ON) == [(date(2026, 3, 31), True)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key": "unknown"}, "not_planned"),
        ({"annex": 2}, "not_planned"),
        ({"done_on": date(2026, 4, 11)}, "in_the_future"),
        ({"key": "foreign"}, "not_yours"),
    ],
)
def test_a_delivery_that_cannot_be_is_refused(
    signed: Agreement, a: Staff, b: Staff, changes: dict[str, Any], reason: str
) -> None:
    propose(signed, a, measure(), measure(key="foreign", owner="b"))
    confirm_plan(signed, 1, 1, by=b, at=AT)
    with pytest.raises(PlanRefusedError) as refused:
        deliver(signed, _delivered(**changes), by=a, at=AT)
    assert refused.value.reason == reason


def test_the_annex_prints_the_plan_that_holds(signed: Agreement, a: Staff, b: Staff) -> None:
    before = paper_digest(annex_paper(signed, 1, on=ON))
    propose(signed, a)
    assert paper_digest(annex_paper(signed, 1, on=ON)) == before
    confirm_plan(signed, 1, 1, by=b, at=AT)
    words = "\n".join(str(block) for block in annex_paper(signed, 1, on=ON).blocks)
    assert "开通投诉热线" in words
    assert "50,000" in words


@pytest.mark.parametrize("table", ["planversion", "planconfirmation", "plandelivery"])
def test_plans_cannot_be_rewritten(signed: Agreement, table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM agreement_{table}")


def test_the_pages_of_plans(client: Client, signed: Agreement, a: Staff, b: Staff) -> None:
    client.cookies["shouyue_language"] = "en"
    client.force_login(a)
    assert "No plan holds yet" in client.get("/agreement/plans/").content.decode()
    page = "/agreement/plans/2/edit/"
    shown = client.get(page)
    rows, form = shown.context["rows"], shown.context["form"]
    assert "Membership programme" in shown.content.decode()
    sent: dict[str, Any] = {"after_version": form["after_version"].value(), "goals": "More loyal customers."}
    sent |= {f"m-{name}": rows.management_form[name].value() for name in rows.management_form.fields}
    for row in rows:
        sent |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
    wrong = client.post(page, {**sent, "m-0-last_month": "13"})
    assert (wrong.status_code, "The contract has 12 months." in wrong.content.decode()) == (422, True)
    assert client.post(page, sent).status_code == 302
    client.force_login(b)
    assert "Plan to confirm" in client.get("/my-work/").content.decode()
    assert client.post("/agreement/plans/2/confirm/1/").status_code == 302
    assert "version 1, confirmed" in client.get("/agreement/plans/").content.decode()
    measure_page = "/agreement/plans/2/points_reviewed/"
    done = {"id": str(uuid4()), "done_on": "2026-01-20", "what": "Reviewed."}
    assert client.post(measure_page, done).status_code == 302
    assert "Reviewed." in client.get(measure_page).content.decode()
    client.force_login(Staff.objects.create_user("shen@auditor.example", name="沈衡", party="auditor"))
    assert client.get(page).status_code == 404
    assert "State the delivery" not in client.get(measure_page).content.decode()


def test_the_plans_ask_the_same_questions_for_more_measures(
    client: Client, signed: Agreement, a: Staff, b: Staff
) -> None:
    client.force_login(a)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/agreement/plans/").status_code == 200
        return len(captured)

    propose(signed, a, measure())
    confirm_plan(signed, 1, 1, by=b, at=AT)
    before = asked()
    propose(signed, a, *(measure(key=f"m{number}") for number in range(15)), after=1)
    confirm_plan(signed, 1, 2, by=b, at=AT)
    for number in range(15):
        deliver(signed, _delivered(key=f"m{number}"), by=a, at=AT)
    assert asked() == before
