"""Due days of duties, and when one is at risk."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shouyue.agreement.terms.rules.duties import (
    CADENCES,
    Rhythm,
    due_dates,
    is_at_risk,
    next_due,
    window_start,
)
from shouyue.agreement.terms.rules.schedule import PhasePlan, Term, month_end

YEAR = Term(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
TERMS = st.builds(
    lambda first, months: Term(starts_on=first, ends_on=month_end(first, months)), DAYS, st.integers(3, 30)
)
RHYTHMS = st.one_of(
    st.builds(Rhythm, cadence=st.sampled_from([one for one in CADENCES if one != "once"]), anchor=st.just("calendar")),
    st.builds(Rhythm, cadence=st.sampled_from(CADENCES), anchor=st.just("contract"), first_month=st.integers(1, 12)),
)


def test_quarters_of_a_calendar_year() -> None:
    ends = [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)]
    assert list(due_dates(Rhythm(cadence="quarterly"), YEAR)) == ends
    assert next_due(Rhythm(cadence="quarterly"), YEAR, date(2026, 6, 30)) == date(2026, 6, 30)
    assert next_due(Rhythm(cadence="quarterly"), YEAR, date(2026, 7, 1)) == date(2026, 9, 30)


def test_a_calendar_quarter_counts_when_half_of_it_lies_in_the_term() -> None:
    term = Term(starts_on=date(2010, 12, 1), ends_on=date(2011, 11, 30))
    ends = [date(2011, 3, 31), date(2011, 6, 30), date(2011, 9, 30), date(2011, 11, 30)]
    assert list(due_dates(Rhythm(cadence="quarterly"), term)) == ends


def test_a_duty_done_once_falls_due_at_the_end_of_its_month() -> None:
    term = Term(starts_on=date(2026, 1, 31), ends_on=month_end(date(2026, 1, 31), 12))
    once = Rhythm(cadence="once", anchor="contract", first_month=3)
    assert list(due_dates(once, term)) == [date(2026, 4, 29)]
    assert next_due(once, term, date(2026, 4, 30)) is None


def test_a_duty_at_all_times_has_no_date() -> None:
    assert next_due(Rhythm(cadence="continuous"), YEAR, YEAR.starts_on) is None


def test_a_daily_duty_is_due_on_every_day() -> None:
    assert len(list(due_dates(Rhythm(cadence="daily"), YEAR))) == 365


@given(rhythm=RHYTHMS, term=TERMS)
def test_due_days_rise_within_the_term(rhythm: Rhythm, term: Term) -> None:
    found = list(due_dates(rhythm, term))
    assert found == sorted(set(found))
    assert all(day in term for day in found)


@given(rhythm=RHYTHMS, term=TERMS, on=DAYS)
def test_the_next_due_day_is_the_first_that_has_not_passed(rhythm: Rhythm, term: Term, on: date) -> None:
    waiting = [day for day in due_dates(rhythm, term) if day >= on]
    assert next_due(rhythm, term, on) == (waiting[0] if waiting else None)


@given(first=DAYS, months=st.integers(1, 24))
def test_monthly_on_the_contract_months_is_due_in_each(first: date, months: int) -> None:
    term = Term(starts_on=first, ends_on=month_end(first, months))
    assert len(list(due_dates(Rhythm(cadence="monthly", anchor="contract"), term))) == months


@given(rhythm=RHYTHMS, term=TERMS)
def test_the_times_of_a_duty_follow_one_another(rhythm: Rhythm, term: Term) -> None:
    assume(rhythm.cadence not in {"daily", "once"})
    ends = list(due_dates(rhythm, term))
    starts = [window_start(rhythm, term, due) for due in ends]
    assert starts == [term.starts_on, *(due + timedelta(days=1) for due in ends[:-1])][: len(ends)]


def test_a_duty_done_once_has_the_time_of_its_phase() -> None:
    once = Rhythm(cadence="once", anchor="contract", first_month=12)
    phases = [PhasePlan(first_month=1, last_month=9), PhasePlan(first_month=10, last_month=12)]
    assert window_start(once, YEAR, date(2026, 12, 31), phases) == date(2026, 10, 1)
    assert window_start(once, YEAR, date(2026, 12, 31)) == YEAR.starts_on


@pytest.mark.parametrize(
    ("on", "at_risk"),
    [
        (date(2026, 6, 30), False),  # not begun
        (date(2026, 7, 1), False),
        (date(2026, 9, 12), False),  # 19 of 92 days are left: 20.7 %
        (date(2026, 9, 13), True),  # 18 of 92: 19.6 %
        (date(2026, 9, 30), True),  # its last day
        (date(2026, 10, 1), False),  # late, no longer at risk
    ],
)
def test_a_quarter_is_at_risk_in_its_last_fifth(on: date, at_risk: bool) -> None:
    assert is_at_risk(date(2026, 9, 30), on, date(2026, 7, 1)) is at_risk


@pytest.mark.parametrize(("on", "at_risk"), [(date(2026, 9, 9), False), (date(2026, 9, 10), True)])
def test_three_working_days_left_are_a_risk_over_a_weekend(on: date, at_risk: bool) -> None:
    # Monday 31 August to Monday 14 September: on Thursday the 10th, Thursday, Friday and Monday are left.
    assert is_at_risk(date(2026, 9, 14), on, date(2026, 8, 31)) is at_risk


@given(started=DAYS, length=st.integers(0, 400), passed=st.integers(0, 400))
def test_once_at_risk_it_stays_so_until_it_is_due(started: date, length: int, passed: int) -> None:
    due = started + timedelta(days=length)
    on = started + timedelta(days=min(passed, length))
    if is_at_risk(due, on, started) and on < due:
        assert is_at_risk(due, on + timedelta(days=1), started)
    assert is_at_risk(due, due, started)


def test_a_duty_cannot_be_due_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot be due"):
        is_at_risk(date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 2))


@pytest.mark.parametrize("wrong", [{"cadence": "weekly"}, {"cadence": "once", "anchor": "moon"}])
def test_an_unknown_rhythm_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        Rhythm(**wrong)
