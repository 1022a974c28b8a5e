"""Birthdays by two calendars: every lunar day has its Gregorian one, and the next birthday is never missed or late."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lunar_python import LunarYear

from shouyue.customers.people.rules.birthdays import gregorian, lunar, lunar_cell, next_birthday, spoken
from shouyue.kernel.cells import CellError

days = st.dates(date(1900, 2, 1), date(2060, 12, 31))
todays = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@settings(max_examples=50)
@given(days)
def test_a_day_is_the_same_day_in_both_calendars(day):
    one = lunar(day)
    assert gregorian(one) == day
    assert lunar_cell(f"{one.year}-{'闰' if one.is_leap else ''}{one.month}-{one.day}") == day
    assert one.is_leap is (one.is_leap and LunarYear.fromYear(one.year).getLeapMonth() == one.month)


# The calendar reckons the moons of each year that it is asked for anew.
@settings(max_examples=40)
@given(days, todays)
def test_the_next_lunar_birthday_is_the_first_day_that_is_kept(born_on, on):
    one, found = lunar(born_on), next_birthday(born_on, is_lunar=True, on=on)
    assert 0 <= (found - on).days <= 385
    kept = lunar(found)
    assert (kept.month, kept.is_leap) == (one.month, False)
    # The thirtieth of a month of 29 days is kept on its last day.
    assert kept.day == one.day or (one.day == 30 and kept.day == 29 and lunar(found + timedelta(days=1)).day == 1)
    earlier = next_birthday(born_on, is_lunar=True, on=on - timedelta(days=400))
    while (following := next_birthday(born_on, is_lunar=True, on=earlier + timedelta(days=1))) < found:
        assert 353 <= (following - earlier).days <= 385
        earlier = following
    assert earlier < on


@given(days, todays)
def test_the_next_gregorian_birthday_is_within_a_year(born_on, on):
    found = next_birthday(born_on, is_lunar=False, on=on)
    assert 0 <= (found - on).days <= 366
    assert (found.month, found.day) in {(born_on.month, born_on.day), (2, 28)}
    assert (found.month, found.day) == (born_on.month, born_on.day) or (born_on.month, born_on.day) == (2, 29)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2023-闰2-1", date(2023, 3, 22)),
        ("农历2023年闰2月1日", date(2023, 3, 22)),
        ("2023-2-1", date(2023, 2, 20)),
        ("一九九〇年四月廿三", date(1990, 5, 17)),
        ("二〇二〇年闰四月初一", date(2020, 5, 23)),
        ("1990/12/30", date(1991, 2, 14)),
        ("", None),
        (None, None),
    ],
)
def test_lunar_days_are_read_as_people_write_them(written, day):
    """The days of the leap months are those that the Hong Kong Observatory's conversion tables give."""
    assert lunar_cell(written) == day


@pytest.mark.parametrize(
    "written", ["2024-闰2-1", "2023-闰2-30", "1990-13-1", "1990-0-1", "四月廿三", "1990-4-31", "x"]
)
def test_lunar_days_that_do_not_exist_are_refused(written):
    with pytest.raises(CellError) as refused:
        lunar_cell(written)
    assert refused.value.code == "not_lunar"


def test_a_lunar_day_is_spoken_without_its_year():
    assert [spoken(date(2023, 3, 22)), spoken(date(1990, 5, 17)), spoken(date(1991, 2, 14))] == [
        "闰二月初一",
        "四月廿三",
        "腊月三十",
    ]
