"""Signing: the effect, the repeat, refusals that leave no trace, two at once; and what the queries answer then."""

import dataclasses
import threading
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation

from shouyue.agreement.terms import public as agreements
from shouyue.agreement.terms.actions import AgreementDiffersError, TermsRefusedError
from shouyue.agreement.terms.models import Agreement, Clause, Definition, Obligation, PartyDetails, Phase, Target
from shouyue.agreement.terms.register import template
from shouyue.agreement.terms.rules.template import TemplateError
from shouyue.agreement.terms.tests.sample_terms import PARTY_A, PARTY_B, SIGNED_AT, terms
from shouyue.store.models import Fact

TABLES = (Agreement, PartyDetails, Phase, Clause, Definition, Obligation, Target, Fact)


def _sign(**changes: Any) -> Agreement:
    return agreements.sign_agreement(terms(**changes), by="staff:1", at=SIGNED_AT)


def _counts() -> list[int]:
    return [table.objects.count() for table in TABLES]


@pytest.mark.django_db
def test_signing_writes_the_whole_register_and_tells_it() -> None:
    agreement = _sign()
    shape = template("one_year")
    targets = [duty for duty in shape.obligations if duty.target]
    assert _counts() == [
        1, 2, 4, len(shape.clauses), len(shape.definitions), len(shape.obligations), len(targets), 1,
    ]  # fmt: skip
    assert (agreement.state, agreement.ends_on, agreement.signed_at) == ("in_force", date(2026, 12, 31), SIGNED_AT)
    assert (agreement.party_a.name, agreement.party_b.name) == (PARTY_A.name, PARTY_B.name)
    assert {one.frozen_on for one in Definition.objects.all()} == {date(2025, 12, 31)}
    fact = Fact.objects.get()
    assert (fact.kind, fact.actor, fact.occurred_at) == ("AgreementSigned", "staff:1", SIGNED_AT)
    assert fact.payload == {
        "agreement_id": str(agreement.pk),
        "number": "SY-2026-004",
        "template": "one_year",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    }


@pytest.mark.django_db
def test_signing_again_finds_the_same_agreement() -> None:
    first = _sign()
    before = _counts()
    assert _sign() == first
    assert _sign(data_until=date(2026, 3, 1)) == first
    assert _counts() == before


@pytest.mark.django_db
def test_the_same_number_with_other_content_is_refused() -> None:
    _sign()
    before = _counts()
    other = dataclasses.replace(PARTY_B, name="另一家公司")
    with pytest.raises(AgreementDiffersError) as refused:
        _sign(party_b=other, starts_on=date(2026, 2, 1))
    assert refused.value.fields == ["starts_on", "ends_on", "party_b"]
    assert _counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "  "}, "number"),
        ({"number": "9" * 41}, "number"),
        ({"party_a": dataclasses.replace(PARTY_A, name="")}, "party_a"),
        ({"party_b": dataclasses.replace(PARTY_B, name=" ")}, "party_b"),
        ({"ends_on": date(2026, 12, 30)}, "ends_on"),
        ({"zone": "Asia/Nowhere"}, "zone"),
        ({"zone": "../etc"}, "zone"),
        ({"currency": "yuan"}, "currency"),
        ({"currency": "C1Y"}, "currency"),
    ],
)
def test_terms_that_cannot_be_signed_leave_no_trace(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(TermsRefusedError) as refused:
        _sign(**changes)
    assert refused.value.field == field
    assert _counts() == [0] * len(TABLES)


@pytest.mark.django_db
def test_an_unknown_contract_is_refused() -> None:
    with pytest.raises(TemplateError):
        _sign(template="two_years")
    assert _counts() == [0] * len(TABLES)


def test_two_who_sign_at_once_sign_one_agreement(fresh_database: str) -> None:
    found: list[object] = []
    start = threading.Barrier(8)

    def sign() -> None:
        start.wait()
        try:
            found.append(_sign().pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert found == [Agreement.objects.get().pk] * 8
    assert (Obligation.objects.count(), Fact.objects.count()) == (len(template("one_year").obligations), 1)


@pytest.mark.django_db
def test_records_become_complete_only_forwards() -> None:
    agreement = _sign()
    days = (date(2026, 3, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
    kept = [agreements.complete_records(agreement.pk, until=day, by="import", at=SIGNED_AT).data_until for day in days]
    assert kept == [date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 1), date(2026, 4, 1)]
    told = Fact.objects.filter(kind="RecordsCompleted").order_by("id").values_list("payload__data_until", flat=True)
    assert list(told) == ["2026-03-01", "2026-04-01"]
    with pytest.raises(Agreement.DoesNotExist):
        agreements.complete_records(uuid4(), until=days[0], by="import", at=SIGNED_AT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agreement_target SET threshold_bp = 8000",
        "UPDATE agreement_definition SET text_zh = ''",
        "UPDATE agreement_obligation SET owner = 'b'",
        "UPDATE agreement_clause SET text_zh = ''",
        "UPDATE agreement_phase SET last_month = 12",
        "DELETE FROM agreement_target",
        "TRUNCATE agreement_definition CASCADE",
    ],
)
def test_what_was_signed_cannot_be_rewritten(statement: str) -> None:
    _sign()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_a_new_version_of_a_target_counts_and_the_old_one_stays() -> None:
    agreement = _sign()
    old = Target.objects.get(obligation__code="satisfaction")
    Target.objects.create(
        obligation=old.obligation,
        definition=old.definition,
        version=2,
        threshold_bp=9200,
        alpha_bp=500,
        decision_rule="exact_binomial",
    )
    pinned = {one.measure: one for one in agreements.pinned_targets(agreement.pk)}
    assert (pinned["satisfaction"].version, pinned["satisfaction"].threshold) == (2, Fraction(92, 100))
    assert pinned["retention"].version == 1
    assert Target.objects.filter(obligation=old.obligation).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"threshold_bp": 10_001}, "target_is_a_share"),
        ({"decision_rule": "census"}, "target_risk_fits_its_decision_rule"),
        ({"version": 1}, "target_version_once_per_obligation"),
    ],
)
def test_the_database_refuses_a_target_that_makes_no_sense(changes: dict[str, Any], name: str) -> None:
    _sign()
    old = Target.objects.get(obligation__code="satisfaction")
    values = {"version": 2, "threshold_bp": 9000, "alpha_bp": 500, "decision_rule": "exact_binomial", **changes}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Target.objects.create(obligation=old.obligation, definition=old.definition, **values)


@pytest.mark.django_db
def test_the_duties_of_a_day() -> None:
    agreement = _sign()
    duties = {duty.code: duty for duty in agreements.duties(agreement, on=date(2026, 9, 22))}
    satisfaction = duties["satisfaction"]
    assert (satisfaction.clause, satisfaction.also_in, satisfaction.owner) == ("3.1(1)", ("8.1(1)",), "a")
    assert satisfaction.target is not None
    assert (satisfaction.target.threshold, satisfaction.target.alpha_bp) == (Fraction(9, 10), 500)
    assert satisfaction.target.parameters["satisfied_from"] == 4
    dates = {code: (duties[code].first_due, duties[code].next_due, duties[code].started_on) for code in duties}
    assert dates["satisfaction"] == (date(2026, 3, 31), date(2026, 9, 30), date(2026, 7, 1))
    assert dates["review_and_renewal"] == (date(2026, 12, 31), date(2026, 12, 31), date(2026, 10, 1))
    assert dates["plan_and_build"] == (date(2026, 3, 31), None, None)
    assert dates["confidentiality"] == (None, None, None)
    assert (duties["needs_analysis"].measure, duties["needs_analysis"].target) == ("", None)


@pytest.mark.django_db
def test_the_schedule_of_a_day_in_both_languages() -> None:
    agreement = _sign()
    phases = agreements.phases(agreement, on=date(2026, 9, 22))
    assert [phase.state for phase in phases] == ["done", "done", "now", "later"]
    assert phases[2].days_left == 8
    assert agreement.contract_month(date(2026, 9, 22)) == 9
    assert agreement.months == 12
    with translation.override("zh-hans"):
        assert agreements.phases(agreement, on=date(2026, 9, 22))[2].title == "忠诚度活动"
    with translation.override("en"):
        assert agreements.phases(agreement, on=date(2026, 9, 22))[2].title == "Loyalty activities"


@pytest.mark.django_db
def test_the_latest_agreement_in_force_is_the_current_one() -> None:
    assert agreements.current_agreement() is None
    first = _sign()
    second = _sign(number="SY-2027-001", starts_on=date(2027, 1, 1))
    assert agreements.current_agreement() == second
    assert agreements.agreements_in_force() == [second, first]
    Agreement.objects.filter(pk=second.pk).update(state=Agreement.State.ENDED)
    assert agreements.current_agreement() == first
    assert agreements.agreement(second.pk) == second


@pytest.mark.django_db
def test_a_definition_is_the_latest_of_its_measure() -> None:
    agreement = _sign()
    found = agreements.definition(agreement, "repurchase")
    assert found is not None
    assert (found.version, found.parameters["window_days"]) == (1, 90)
    Definition.objects.create(
        agreement=agreement, measure="repurchase", version=2, frozen_on=date(2026, 6, 1), text_zh="改", text_en="new"
    )
    newer = agreements.definition(agreement, "repurchase")
    assert newer is not None
    assert newer.version == 2
    assert agreements.definition(agreement, "weather") is None
