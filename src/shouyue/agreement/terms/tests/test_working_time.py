"""Working days and business hours: the State Council's notice for 2026, and what must hold for every term."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.terms.rules.working_time import (
    BUSINESS_HOURS,
    after_business_time,
    after_working_days,
    is_announced,
    is_working_day,
    working_days,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 28), True),  # a Saturday that makes up for the Spring Festival
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2031, 10, 1), True),  # not announced: a Wednesday
        (date(2031, 10, 4), False),  # not announced: a Saturday
    ],
)
def test_a_day_is_judged_by_the_notice_or_by_its_weekday(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_a_year_without_a_notice_is_told_apart() -> None:
    assert (is_announced(2026), is_announced(2031)) == (True, False)


@given(first=DAYS, days=st.integers(-3, 60))
def test_working_days_are_counted_one_by_one(first: date, days: int) -> None:
    span = [first + timedelta(days=k) for k in range(days)]
    assert working_days(first, first + timedelta(days=days - 1)) == sum(map(is_working_day, span))


@given(start=DAYS, days=st.integers(1, 30))
def test_a_term_ends_on_its_last_working_day(start: date, days: int) -> None:
    end = after_working_days(start, days)
    assert is_working_day(end)
    assert working_days(start + timedelta(days=1), end) == days


@given(
    start=st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1)),  # noqa: DTZ001  Hypothesis adds the zone
    first=st.integers(1, 2000),
    second=st.integers(1, 2000),
)
def test_waiting_twice_is_waiting_once_for_both(start: datetime, first: int, second: int) -> None:
    begun = start.replace(tzinfo=SHANGHAI)
    both = after_business_time(begun, timedelta(minutes=first + second))
    parts = after_business_time(after_business_time(begun, timedelta(minutes=first)), timedelta(minutes=second))
    assert parts == both > begun
    assert is_working_day(both.date())
    assert any(opens < both.time() <= closes for opens, closes in BUSINESS_HOURS)


def test_a_term_begun_at_night_begins_in_the_morning() -> None:
    begun = datetime.combine(date(2026, 9, 18), time(23), tzinfo=SHANGHAI)
    assert after_business_time(begun, timedelta(hours=1)) == datetime(2026, 9, 20, 10, tzinfo=SHANGHAI)
