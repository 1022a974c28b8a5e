"""Before and after: the rule by its examples and properties, and the link from a measure of a plan to two waves."""

from datetime import UTC, date, datetime
from math import comb

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.plans.actions import Delivered, confirm_plan, deliver, propose_plan
from shouyue.agreement.plans.improvements import improvements
from shouyue.agreement.plans.rules.measures import PlannedMeasure
from shouyue.agreement.plans.rules.remeasured import Ground, Outcome, which_again
from shouyue.agreement.terms.actions import sign_agreement
from shouyue.agreement.terms.models import Agreement
from shouyue.agreement.terms.tests.sample_terms import SIGNED_AT, terms
from shouyue.kernel.ids import new_id
from shouyue.store.models import Staff
from shouyue.surveys.estimates.rules.designs import Estimate
from shouyue.surveys.results.rules.remeasuring import RISK, Compared, Counts, Pairs, compared, outcomes, pairs_of
from shouyue.surveys.sheets.actions.answering import send_answers
from shouyue.surveys.waves.actions.opening import close_wave, open_wave
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.tests.ground import people, tokens, wish

COUNT = st.integers(0, 60)


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    asked = draw(st.integers(1, 300))
    return Counts(kept=draw(st.integers(0, asked)), asked=asked)


@given(counts(), counts())
def test_the_p_value_agrees_with_the_interval_that_is_shown(before: Counts, after: Counts) -> None:
    found = compared(before, after, None)
    assert found.ground is Ground.DIFFERENT_PEOPLE
    assert (found.p_value <= RISK) == (found.low > 0 or found.high < 0)
    back = compared(after, before, None)
    assert back.p_value == pytest.approx(found.p_value, rel=1e-6)
    assert back.difference == pytest.approx(-found.difference)


@given(st.lists(st.tuples(COUNT, COUNT), min_size=1, max_size=6))
def test_holm_never_shows_more_than_each_test_alone(turned: list[tuple[int, int]]) -> None:
    whole = Counts(kept=60, asked=120)
    found = {
        str(place): compared(whole, whole, Pairs(both=60, lost=lost, won=won, neither=60))
        for place, (lost, won) in enumerate(turned)
    }
    told = outcomes(found)
    for key, one in found.items():
        outcome, adjusted = told[key]
        assert one.p_value <= adjusted <= min(1, len(found) * one.p_value) + 1e-12
        shown = {True: Outcome.BETTER, False: Outcome.WORSE}[one.difference > 0]
        assert outcome is (shown if adjusted <= RISK else Outcome.NOT_SHOWN)


def test_the_same_people_are_compared_with_themselves() -> None:
    # 60 of 100 both times, but those who turned all turned one way: two samples see nothing, McNemar does.
    before, after = Counts(kept=60, asked=100), Counts(kept=72, asked=100)
    found = compared(before, after, Pairs(both=60, lost=0, won=12, neither=28))
    assert (found.ground, found.pairs, found.difference) == (Ground.SAME_PEOPLE, (100, 0, 12), 0.12)
    # Both ways exact: twelve of twelve turns by a fair coin is as rare as one in 2,048; the chi-square is near it.
    assert 2 * comb(12, 12) / 2**12 < found.p_value < 0.002
    assert compared(before, after, None).p_value > RISK
    # Too few of them, or too small a part of the answers: two samples again.
    assert compared(before, after, Pairs(both=20, lost=0, won=5, neither=4)).ground is Ground.DIFFERENT_PEOPLE
    assert compared(before, after, Pairs(both=30, lost=0, won=9, neither=10)).ground is Ground.DIFFERENT_PEOPLE


def test_everybody_counted_twice_needs_no_test_and_makes_others_no_stricter() -> None:
    every = compared(Counts(kept=5, asked=10, is_everybody=True), Counts(kept=6, asked=10, is_everybody=True), None)
    assert (every.ground, every.low, every.p_value) == (Ground.COUNTED, None, 0.0)
    sample = compared(Counts(kept=70, asked=100), Counts(kept=84, asked=100), None)
    told = outcomes({"every": every, "sample": sample})
    assert told["every"] == (Outcome.BETTER, 0.0)
    assert told["sample"] == (Outcome.BETTER, pytest.approx(sample.p_value))


def test_weighted_shares_are_compared_by_their_errors() -> None:
    def weighted(value: float) -> Counts:
        return Counts(kept=1, asked=2, estimate=Estimate(value, 0.03, value - 0.05, value + 0.05, 90))

    found = compared(weighted(0.75), weighted(0.85), None)
    # 0.1 over sqrt(2) * 0.03 is 2.357 standard errors: 0.0184 in any table of the normal distribution.
    assert (found.ground, found.p_value) == (Ground.WEIGHTED, pytest.approx(0.01842, abs=5e-5))
    assert (found.low, found.high) == (pytest.approx(0.01684, abs=5e-5), pytest.approx(0.18316, abs=5e-5))


@given(st.dictionaries(st.integers(0, 20), st.booleans()), st.dictionaries(st.integers(0, 20), st.booleans()))
def test_pairs_are_those_who_answered_both_times(before: dict[int, bool], after: dict[int, bool]) -> None:
    found = pairs_of(before, after)
    assert found.people == len(before.keys() & after.keys())
    assert found.both + found.lost == sum(before[one] for one in before.keys() & after.keys())


def test_what_is_delivered_is_measured_by_what_was_asked_afterwards() -> None:
    opened = [date(2026, 4, 20), date(2026, 7, 20)]
    assert which_again(None, opened) == 0
    assert which_again(date(2026, 4, 20), opened) == 0
    assert which_again(date(2026, 4, 21), opened) == 1
    assert which_again(date(2026, 8, 1), opened) is None


MAY, AUGUST = datetime(2026, 5, 4, 2, tzinfo=UTC), datetime(2026, 8, 3, 2, tzinfo=UTC)


def wave(at: datetime, content: int, *, seed: str = "ab" * 32, strata: str = "region", of: int = 200) -> WavePlan:
    """A closed wave: so many of each hundred answers are satisfied, in both regions alike."""
    closes_on = date(at.year, at.month, 28)
    plan = open_wave(wish(wanted=of, strata=strata, seed=seed, closes_on=closes_on), at=at, by="staff:1")
    for place, token in enumerate(tokens(plan)):
        send_answers(token, {"overall": ["5" if place % 100 < content else "2"]}, at=at)
    return close_wave(plan.wave_id, at=at, by="staff:1")


@pytest.fixture
def signed(db: None) -> Agreement:
    people(700)
    return sign_agreement(terms(), by="staff:1", at=SIGNED_AT)


@pytest.fixture
def parties(db: None) -> dict[str, Staff]:
    names = {"a": "林知夏", "b": "周远"}
    return {
        party: Staff.objects.create_user(f"{party}@p.example", name=name, party=party) for party, name in names.items()
    }


def reader(staff: Staff) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(staff)
    return client


def planned(agreement: Agreement, parties: dict[str, Staff], *keys: str) -> None:
    measures = [
        PlannedMeasure(
            key=f"m{place}", title=f"改进{place}", clause="4.3", owner="a", first_month=5, last_month=7, answers=key
        )
        for place, key in enumerate(keys)
    ]
    propose_plan(agreement, 1, measures, goals="改进服务。", after_version=0, by=parties["a"], at=MAY)
    confirm_plan(agreement, 1, 1, by=parties["b"], at=MAY)


def test_a_measure_shows_what_became_of_the_result_that_it_answers(signed: Agreement, parties) -> None:
    first = wave(MAY, 70)
    keys = [one.key for one in improvements.choices()]
    assert keys[0] == f"{first.wave_id}:all:"
    assert {key.split(":", 1)[1] for key in keys} == {"all:", "question:overall", "group:南京", "group:苏州"}
    planned(signed, parties, keys[0], f"{first.wave_id}:group:苏州", f"{new_id()}:all:")
    on = date(2026, 9, 1)
    waiting = improvements.of(signed, on=on)
    assert [one.outcome for one in waiting] == [Outcome.WAITING] * 3
    assert waiting[2].result is None
    second = wave(AUGUST, 92, seed="cd" * 32)
    whole, group, unknown = improvements.of(signed, on=on)
    assert (whole.outcome, group.outcome, unknown.outcome) == (Outcome.BETTER, Outcome.BETTER, Outcome.WAITING)
    assert whole.result is not None
    assert (whole.result.before.kept, whole.result.after.kept, whole.result.family) == (140, 184, 2)
    assert whole.result.ground is Ground.DIFFERENT_PEOPLE
    assert group.result is not None
    # Holm: the clearer of the two is held to half the risk; which one it is depends on who was drawn.
    clear, other = sorted((whole.result, group.result), key=lambda one: one.p_value)
    assert clear.adjusted == pytest.approx(2 * clear.p_value)
    assert other.adjusted == pytest.approx(max(2 * clear.p_value, other.p_value))
    # Of a report about the quarter before, the second wave is no part.
    assert [one.outcome for one in improvements.of(signed, on=on, up_to="2026Q2")][:1] == [Outcome.WAITING]
    # Both parties read the same on the result, on the one that measured anew, and beside the plan.
    for staff in parties.values():
        for path in (f"/surveys/waves/{first.wave_id}/result/", f"/surveys/waves/{second.wave_id}/result/"):
            page = reader(staff).get(path).content.decode()
            assert "Better than before." in page
            assert "The measure was not delivered yet when the same was asked again." in page
        assert "Better than before." in reader(staff).get("/agreement/plans/").content.decode()
    assert "改进0" in reader(parties["b"]).get("/agreement/plans/1/m0/").content.decode()


def test_a_measure_delivered_after_the_next_wave_waits_for_another_one(signed: Agreement, parties) -> None:
    first = wave(MAY, 70)
    planned(signed, parties, f"{first.wave_id}:all:")
    wave(AUGUST, 69, seed="cd" * 32)
    (before,) = improvements.of(signed, on=date(2026, 9, 1))
    assert before.outcome is Outcome.NOT_SHOWN
    said = Delivered(id=new_id(), annex=1, key="m0", done_on=date(2026, 8, 20), what="已改进。")
    deliver(signed, said, by=parties["a"], at=datetime(2026, 8, 21, 2, tzinfo=UTC))
    (after,) = improvements.of(signed, on=date(2026, 9, 1))
    assert after.outcome is Outcome.WAITING


def test_a_plan_is_written_from_the_result_that_it_answers(signed: Agreement, parties) -> None:
    first = wave(MAY, 70)
    page = reader(parties["a"]).get(f"/surveys/waves/{first.wave_id}/result/").content.decode()
    address = f"/agreement/plans/1/edit/?answers={first.wave_id}:all:"
    assert address in page
    page = reader(parties["a"]).get(address).content.decode()
    assert f'<option value="{first.wave_id}:all:" selected>' in page
    posted = {
        "after_version": "0",
        "goals": "改进服务。",
        "m-TOTAL_FORMS": "1",
        "m-INITIAL_FORMS": "0",
        "m-0-title": "改进",
        "m-0-owner": "a",
        "m-0-first_month": "5",
        "m-0-last_month": "7",
        "m-0-answers": f"{first.wave_id}:group:nowhere",
    }
    client = reader(parties["a"])
    assert client.post("/agreement/plans/1/edit/", posted).status_code == 422
    posted["m-0-answers"] = f"{first.wave_id}:group:苏州"
    assert client.post("/agreement/plans/1/edit/", posted).status_code == 302
    confirm_plan(signed, 1, 1, by=parties["b"], at=MAY)
    (one,) = improvements.of(signed, on=date(2026, 9, 1))
    assert one.measure.measure.answers == f"{first.wave_id}:group:苏州"
    assert one.result.label.endswith("苏州")


def test_compared_is_a_plain_value() -> None:
    told = Compared(ground=Ground.WEIGHTED, difference=0.0, low=0.0, high=0.0, p_value=1.0)
    assert outcomes({"one": told}) == {"one": (Outcome.NOT_SHOWN, 1.0)}
