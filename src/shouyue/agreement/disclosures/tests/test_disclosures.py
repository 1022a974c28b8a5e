"""Material facts: due in working days, told by the party that owes them, and named in a claim."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.claims.actions import ClaimRefusedError, ClaimWords, claim_breach
from shouyue.agreement.claims.rules.claims import Lack
from shouyue.agreement.disclosures.actions import DisclosureRefusedError, Owed, note_disclosure, tell
from shouyue.agreement.disclosures.models import Disclosure
from shouyue.agreement.disclosures.queries import disclosures_due, disclosures_of
from shouyue.agreement.disclosures.rules.lateness import Standing, due_on, standing, working_days_late
from shouyue.agreement.terms.actions import sign_agreement
from shouyue.agreement.terms.models import Agreement
from shouyue.agreement.terms.tests.sample_terms import SIGNED_AT, terms
from shouyue.store.models import Fact, Staff

AT = datetime(2026, 10, 9, 2, 0, tzinfo=UTC)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def test_five_working_days_pass_over_the_national_holiday() -> None:
    # 1 to 7 October 2026 is holiday, Saturday 10 October a working day (notice of the State Council).
    assert due_on(date(2026, 9, 29)) == date(2026, 10, 12)
    assert working_days_late(date(2026, 9, 30), None, on=date(2026, 10, 5)) == 0
    assert working_days_late(date(2026, 9, 30), None, on=date(2026, 10, 9)) == 2


@given(DAYS, st.none() | DAYS, DAYS)
def test_a_fact_is_late_exactly_when_its_standing_says_so(known: date, told: date | None, on: date) -> None:
    due = due_on(known)
    found = standing(due, told, on=on)
    late = working_days_late(due, told, on=on)
    assert due > known + timedelta(days=4)
    if late:
        assert found in {Standing.LATE, Standing.OVERDUE}
    if found in {Standing.TOLD, Standing.OWED}:
        assert late == 0


@pytest.fixture
def signed(db: None) -> Agreement:
    return sign_agreement(terms(), by="staff:1", at=SIGNED_AT)


@pytest.fixture
def a() -> Staff:
    return Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a")


@pytest.fixture
def b() -> Staff:
    return Staff.objects.create_user("zhou@party-b.example", name="周远", party="b")


def owed(**changes: object) -> Owed:
    values = {"id": uuid4(), "owed_by": "a", "fact": "会员系统停机四小时。", "known_on": date(2026, 9, 1)}
    return Owed(**{**values, **changes})


def test_a_fact_is_noted_by_either_and_told_by_its_party(signed: Agreement, a: Staff, b: Staff) -> None:
    said = owed()
    row = note_disclosure(signed, said, by=b, at=AT)
    assert note_disclosure(signed, said, by=b, at=AT) == row
    assert row.due_on == date(2026, 9, 8)
    with pytest.raises(DisclosureRefusedError):
        tell(row.pk, text="It was down.", by=b, at=AT)
    tell(row.pk, text="It was down.", by=a, at=AT)
    with pytest.raises(DisclosureRefusedError):
        tell(row.pk, text="Twice.", by=a, at=AT)
    (view,) = disclosures_of(signed, on=date(2026, 10, 9))
    # 9 September to 9 October: 17 weekdays without Mid-Autumn (25th) and the national holiday, and Sunday the 20th.
    assert (view.standing, view.days_late) == (Standing.LATE, 18)
    assert disclosures_due(signed.pk) == [(date(2026, 9, 8), False)]
    assert list(Fact.objects.filter(kind="DisclosureGiven").values_list("payload__in_time", flat=True)) == [False]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"known_on": date(2026, 10, 10)}, "in_the_future"),
        ({"known_on": date(2025, 12, 31)}, "before_the_agreement"),
        ({"owed_by": "auditor"}, "not_a_party"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(
    signed: Agreement, a: Staff, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(DisclosureRefusedError) as refused:
        note_disclosure(signed, owed(**changes), by=a, at=AT)
    assert (refused.value.reason, Disclosure.objects.count()) == (reason, 0)


def test_a_claim_about_information_names_a_fact_of_the_accused(signed: Agreement, a: Staff, b: Staff) -> None:
    row = note_disclosure(signed, owed(), by=b, at=AT)
    own = note_disclosure(signed, owed(owed_by="b"), by=b, at=AT)
    words = ClaimWords(
        id=uuid4(),
        ground="8.1(3)",
        result_id=None,
        duties=[],
        argument="The outage was known for a month and was never told to us.",
        wanted="Tell it, and pay the overtime.",
        disclosure_id=own.pk,
    )
    with pytest.raises(ClaimRefusedError) as refused:
        claim_breach(signed, words, by=b, at=AT)
    assert refused.value.lacks == [Lack.FOREIGN_FACT]
    made = claim_breach(signed, ClaimWords(**{**_values(words), "disclosure_id": row.pk}), by=b, at=AT)
    assert made.disclosure == row


def _values(words: ClaimWords) -> dict[str, object]:
    return {name: getattr(words, name) for name in ClaimWords.__slots__}


def test_the_register_cannot_be_rewritten(signed: Agreement) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("DELETE FROM agreement_disclosure")


def test_the_pages_of_the_register(client: Client, signed: Agreement, a: Staff, b: Staff) -> None:
    client.cookies["shouyue_language"] = "en"
    client.force_login(b)
    sent = {"id": str(uuid4()), "owed_by": "a", "fact": "The system was down.", "known_on": "2026-09-01"}
    refused = client.post("/agreement/disclosures/", {**sent, "known_on": "2025-01-01"})
    assert (refused.status_code, "had not begun" in refused.content.decode()) == (422, True)
    note_disclosure(signed, owed(), by=b, at=AT)
    row = Disclosure.objects.get()
    page = f"/agreement/disclosures/{row.pk}/"
    assert "As it was told" not in client.get(page).content.decode()
    assert client.post(page, {"text": "Not ours to tell."}).status_code == 422
    client.force_login(a)
    assert "Fact to be told" in client.get("/my-work/").content.decode()
    assert client.post(page, {"text": "It was down.", "evidence": "javascript:alert(1)"}).status_code == 422
    assert client.post(page, {"text": "It was down."}).status_code == 302
    assert "Told late" in client.get("/agreement/disclosures/").content.decode()


def test_the_register_asks_the_same_questions_for_more_facts(client: Client, signed: Agreement, a: Staff) -> None:
    client.force_login(a)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/agreement/disclosures/").status_code == 200
        return len(captured)

    note_disclosure(signed, owed(), by=a, at=AT)
    before = asked()
    for _ in range(12):
        tell(note_disclosure(signed, owed(), by=a, at=AT).pk, text="Down.", by=a, at=AT)
    assert asked() == before
