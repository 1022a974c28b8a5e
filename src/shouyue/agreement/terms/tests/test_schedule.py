"""Contract months, phases and the day an agreement is read on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.terms.rules.schedule import (
    PhasePlan,
    Term,
    add_months,
    contract_month,
    month_end,
    month_of,
    month_start,
    months_in,
    phase_state,
    standing_day,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one_there_is(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_the_year_of_a_contract_that_starts_with_the_year() -> None:
    start = date(2026, 1, 1)
    term = Term(starts_on=start, ends_on=month_end(start, 12))
    assert term.ends_on == date(2026, 12, 31)
    assert months_in(term) == 12
    assert [contract_month(term, day) for day in (start, date(2026, 9, 22), date(2026, 12, 31))] == [1, 9, 12]
    assert contract_month(term, date(2025, 12, 31)) is None
    assert contract_month(term, date(2027, 1, 1)) is None


@given(start=DAYS, days=st.integers(0, 1500))
def test_every_day_lies_in_exactly_the_month_it_is_counted_in(start: date, days: int) -> None:
    day = start + timedelta(days=days)
    month = month_of(start, day)
    assert month_start(start, month) <= day <= month_end(start, month)


@given(start=DAYS, month=st.integers(1, 48))
def test_months_follow_one_another_without_gap(start: date, month: int) -> None:
    assert month_end(start, month) + timedelta(days=1) == month_start(start, month + 1)
    assert 28 <= (month_end(start, month) - month_start(start, month)).days + 1 <= 31


@given(start=DAYS, before=st.integers(1, 400))
def test_days_before_the_start_are_in_no_month(start: date, before: int) -> None:
    assert month_of(start, start - timedelta(days=before)) < 1


def test_a_phase_before_during_and_after() -> None:
    phase, start = PhasePlan(first_month=7, last_month=9), date(2026, 1, 1)
    stages = [phase_state(phase, start, day) for day in (date(2026, 6, 30), date(2026, 9, 22), date(2026, 9, 30))]
    assert [(one.moment, one.days_left) for one in stages] == [("later", None), ("now", 8), ("now", 0)]
    over = phase_state(phase, start, date(2026, 10, 1))
    assert (over.moment, over.starts_on, over.ends_on) == ("done", date(2026, 7, 1), date(2026, 9, 30))


@given(start=DAYS, days=st.integers(0, 364))
def test_on_every_day_of_the_year_one_phase_runs(start: date, days: int) -> None:
    phases = [PhasePlan(first_month=first, last_month=first + 2) for first in (1, 4, 7, 10)]
    day = min(start + timedelta(days=days), month_end(start, 12))
    moments = [phase_state(phase, start, day).moment for phase in phases]
    running = moments.index("now")
    assert moments == ["done"] * running + ["now"] + ["later"] * (3 - running)


@given(today=DAYS, until=DAYS)
def test_an_agreement_is_never_read_beyond_its_records(today: date, until: date) -> None:
    assert standing_day(today, until) == (until if until < today else today)
    assert standing_day(today, None) == today


def test_a_term_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Term(starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 1))
    with pytest.raises(ValueError, match="start at 1"):
        month_start(date(2026, 1, 1), 0)
