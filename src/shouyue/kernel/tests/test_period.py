"""Quarters tile the calendar, and their bounds tile time in any zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.period import Quarter, QuarterError

DAYS = st.dates(min_value=date(2, 1, 1), max_value=date(9998, 12, 31))
QUARTERS = st.builds(Quarter, st.integers(2, 9998), st.integers(1, 4))
ZONES = st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Africa/Cairo", "Asia/Amman", "America/Sao_Paulo"])


def test_quarter_names_its_days() -> None:
    quarter = Quarter.parse("2011Q3")
    assert (quarter.first_day, quarter.last_day) == (date(2011, 7, 1), date(2011, 9, 30))
    assert (quarter.label, str(quarter)) == ("2011Q3", "2011Q3")
    assert Quarter(2024, 1).last_day == date(2024, 3, 31)
    assert Quarter(2024, 4).last_day == date(2024, 12, 31)


@pytest.mark.parametrize(
    "label", ["2011Q5", "2011Q0", "2011q3", "11Q3", "2011-3", " 2011Q3", "2011Q3\n", "２011Q3", "0000Q1", ""]
)
def test_parse_refuses_what_is_no_quarter(label: str) -> None:
    with pytest.raises(QuarterError):
        Quarter.parse(label)


@pytest.mark.parametrize(("year", "number"), [(2020, 0), (2020, 5), (0, 1), (10000, 1)])
def test_quarter_refuses_impossible_numbers(year: int, number: int) -> None:
    with pytest.raises(QuarterError):
        Quarter(year, number)


def test_of_refuses_a_moment_and_of_moment_a_naive_one() -> None:
    with pytest.raises(QuarterError):
        Quarter.of(datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(QuarterError):
        Quarter.of_moment(datetime(2020, 1, 1), "UTC")  # noqa: DTZ001  the point of the test


def test_last_evening_in_utc_is_next_quarter_in_china() -> None:
    at = datetime(2020, 3, 31, 16, 0, tzinfo=UTC)
    assert Quarter.of_moment(at, "Asia/Shanghai") == Quarter(2020, 2)
    assert Quarter.of_moment(at - timedelta(seconds=1), "Asia/Shanghai") == Quarter(2020, 1)
    assert Quarter.of_moment(at, "UTC") == Quarter(2020, 1)


def test_bounds_are_midnights_of_the_zone_in_utc() -> None:
    start, end = Quarter(2020, 2).bounds("Asia/Shanghai")
    assert start == datetime(2020, 3, 31, 16, tzinfo=UTC)
    assert end == datetime(2020, 6, 30, 16, tzinfo=UTC)
    # Daylight saving ends within the last quarter: it is an hour longer than its days say.
    start, end = Quarter(2021, 4).bounds("America/New_York")
    assert end - start == timedelta(days=92, hours=1)


@given(DAYS)
def test_every_day_lies_in_its_quarter_and_in_no_neighbour(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert quarter.next().first_day == quarter.last_day + timedelta(days=1)
    assert quarter.previous().last_day == quarter.first_day - timedelta(days=1)


@given(QUARTERS)
def test_neighbours_and_labels_go_there_and_back(quarter: Quarter) -> None:
    assert quarter.next().previous() == quarter == quarter.previous().next()
    assert quarter.previous() < quarter < quarter.next()
    assert Quarter.parse(quarter.label) == quarter


@given(DAYS, DAYS)
def test_order_is_the_order_of_days(one: date, other: date) -> None:
    first, last = sorted([one, other])
    assert Quarter.of(first) <= Quarter.of(last)


@given(st.integers(1970, 2037), st.integers(1, 4), ZONES)
def test_bounds_tile_time_and_agree_with_of_moment(year: int, number: int, zone: str) -> None:
    quarter = Quarter(year, number)
    start, end = quarter.bounds(zone)
    assert start < end == quarter.next().bounds(zone)[0]
    blink = timedelta(microseconds=1)
    moments = [start - blink, start, end - blink, end]
    assert [Quarter.of_moment(at, zone) for at in moments] == [quarter.previous(), quarter, quarter, quarter.next()]
