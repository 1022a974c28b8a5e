"""Where dated duties stand, and filing what was done."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.filings.actions import Done, FilingRefusedError, file_duty
from shouyue.agreement.filings.models import Filing
from shouyue.agreement.filings.queries import due_day, matrix
from shouyue.agreement.filings.rules.standing import Standing, days_late, standing
from shouyue.agreement.terms.actions import sign_agreement
from shouyue.agreement.terms.models import Agreement
from shouyue.agreement.terms.tests.sample_terms import SIGNED_AT, terms
from shouyue.store.models import Fact, Staff

DUE, STARTED = date(2026, 3, 31), date(2026, 1, 1)
AT = datetime(2026, 4, 10, 2, 0, tzinfo=UTC)
DAYS = st.dates(date(2025, 12, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("done", "on", "wanted", "late"),
    [
        ([], date(2025, 12, 31), Standing.TO_COME, 0),
        ([], date(2026, 2, 1), Standing.OPEN, 0),
        ([], date(2026, 3, 30), Standing.AT_RISK, 0),
        ([], date(2026, 3, 31), Standing.AT_RISK, 0),
        ([], date(2026, 4, 1), Standing.OVERDUE, 1),
        ([date(2026, 3, 31)], date(2026, 4, 1), Standing.DONE, 0),
        ([date(2026, 4, 3)], date(2026, 4, 5), Standing.LATE, 3),
        ([date(2026, 4, 3)], date(2026, 4, 2), Standing.OVERDUE, 2),
        ([date(2026, 4, 3), date(2026, 3, 2)], date(2026, 4, 5), Standing.DONE, 0),
    ],
)
def test_the_standing_of_a_due_day(done: list[date], on: date, wanted: Standing, late: int) -> None:
    assert standing(due=DUE, started=STARTED, done=done, on=on) is wanted
    assert days_late(due=DUE, done=done, on=on) == late


@given(st.lists(DAYS, max_size=4), DAYS)
def test_a_duty_is_late_exactly_when_its_standing_says_so(done: list[date], on: date) -> None:
    found = standing(due=DUE, started=STARTED, done=done, on=on)
    assert (days_late(due=DUE, done=done, on=on) > 0) == (found in {Standing.LATE, Standing.OVERDUE})


@given(st.lists(DAYS, max_size=4), DAYS, DAYS)
def test_a_further_filing_never_makes_a_duty_later(done: list[date], more: date, on: date) -> None:
    assert days_late(due=DUE, done=[*done, more], on=on) <= days_late(due=DUE, done=done, on=on)


@pytest.fixture
def signed() -> Agreement:
    return sign_agreement(terms(), by="staff:1", at=SIGNED_AT)


@pytest.fixture
def a() -> Staff:
    return Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a")


def _done(**changes: object) -> Done:
    values = {"id": uuid4(), "code": "results_used", "due_on": DUE, "done_on": date(2026, 4, 3), "what": "Adjusted."}
    return Done(**{**values, **changes})


@pytest.mark.django_db
def test_what_was_filed_stands_in_the_matrix(signed: Agreement, a: Staff) -> None:
    said = _done()
    assert file_duty(signed, said, by=a, at=AT) == file_duty(signed, said, by=a, at=AT)
    row = next(one for one in matrix(signed, months=12, on=date(2026, 4, 10)) if one.code == "results_used")
    assert [day.month if day else None for day in row.months] == [
        None,
        None,
        3,
        None,
        None,
        6,
        None,
        None,
        9,
        None,
        None,
        12,
    ]
    assert [(day.standing, day.days_late) for day in row.days[:2]] == [(Standing.LATE, 3), (Standing.OPEN, 0)]
    told = Fact.objects.filter(kind="DutyFiled").values_list("payload__obligation", "payload__done_on")
    assert list(told) == [("results_used", "2026-04-03")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"due_on": date(2026, 3, 30)}, "not_due"),
        ({"code": "satisfaction"}, "not_due"),
        ({"code": "points_reviewed"}, "not_yours"),
        ({"done_on": date(2026, 4, 11)}, "in_the_future"),
        ({"done_on": date(2025, 12, 31)}, "too_early"),
    ],
)
def test_a_filing_that_cannot_be_is_refused(
    signed: Agreement, a: Staff, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(FilingRefusedError) as refused:
        file_duty(signed, _done(**changes), by=a, at=AT)
    assert refused.value.reason == reason
    assert Filing.objects.count() == 0


@pytest.mark.django_db
def test_both_owners_may_file_and_an_auditor_may_not(signed: Agreement) -> None:
    for party, may in (("a", True), ("b", True), ("auditor", False)):
        staff = Staff.objects.create_user(f"{party}@party.example", name=party, party=party)
        said = _done(code="membership_programme")
        if may:
            assert file_duty(signed, said, by=staff, at=AT).filed_by == staff
        else:
            with pytest.raises(FilingRefusedError):
                file_duty(signed, said, by=staff, at=AT)


@pytest.mark.django_db
def test_the_matrix_asks_the_same_questions_for_more_filings(client: Client, a: Staff) -> None:
    agreement = sign_agreement(terms(data_until=date(2026, 4, 10)), by="staff:1", at=SIGNED_AT)
    client.force_login(a)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/agreement/duties/").status_code == 200
        return len(captured)

    file_duty(agreement, _done(), by=a, at=AT)
    before = asked()
    for _ in range(12):
        file_duty(agreement, _done(), by=a, at=AT)
    assert asked() == before


@pytest.mark.django_db
def test_the_pages_of_duties(client: Client, a: Staff) -> None:
    agreement = sign_agreement(terms(data_until=date(2026, 4, 10)), by="staff:1", at=SIGNED_AT)
    client.cookies["shouyue_language"] = "en"
    client.force_login(a)
    page = "/agreement/duties/results_used/2026-03-31/"
    assert f'href="{page}"' in client.get("/agreement/duties/").content.decode()
    sent = {"id": str(uuid4()), "done_on": "2026-03-20", "what": "Adjusted.", "evidence": "https://a.example/1"}
    assert "Nothing is filed yet" in client.get(page).content.decode()
    tomorrow = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    refused = client.post(page, {**sent, "done_on": tomorrow})
    assert refused.status_code == 422
    assert "This day is still to come" in refused.content.decode()
    assert client.post(page, sent).status_code == 302
    day = due_day(agreement, "results_used", DUE, on=date(2026, 4, 10))
    assert day is not None
    assert day.standing is Standing.DONE
    assert "https://a.example/1" in client.get(page).content.decode()
    for wrong in ("results_used/2026-03-30", "satisfaction/2026-03-31", "results_used/soon"):
        assert client.get(f"/agreement/duties/{wrong}/").status_code == 404
