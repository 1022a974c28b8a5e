"""Working days and business hours in mainland China, with the State Council's holidays and working weekends."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Window = tuple[time, time]
# 09:00-12:00 and 13:30-18:00, on working days.
BUSINESS_HOURS: tuple[Window, ...] = ((time(9), time(12)), (time(13, 30), time(18)))
_SATURDAY = 5


def is_announced(year: int) -> bool:
    """Whether the holidays of a year are known; until the notice comes, Monday to Friday are taken for working days."""
    return _announced_day(date(year, 1, 1)) is not None


def is_working_day(day: date) -> bool:
    """Source: the yearly notice of the State Council, in the chinesecalendar package."""
    announced = _announced_day(day)
    return day.weekday() < _SATURDAY if announced is None else announced


def working_days(first: date, last: date) -> int:
    """How many working days from first to last, both included; 0 when last lies before first."""
    return sum(is_working_day(first + timedelta(days=k)) for k in range((last - first).days + 1))


def after_working_days(start: date, days: int) -> date:
    """The last day of a term of so many working days; the day it starts on is not counted. days >= 1."""
    if days < 1:
        raise ValueError(f"a term has at least one working day, not {days}")
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def after_business_time(start: datetime, wait: timedelta, windows: Sequence[Window] = BUSINESS_HOURS) -> datetime:
    """The moment at which `wait` of business time has passed. start: on the wall clock of the contract's zone.

    Time outside the windows of working days does not count. wait > 0; windows in order and apart.
    """
    if wait <= timedelta():
        raise ValueError("a term of business time is longer than nothing")
    day = start.date()
    while True:
        for opens, closes in windows if is_working_day(day) else ():
            begin = max(start, datetime.combine(day, opens, tzinfo=start.tzinfo))
            end = datetime.combine(day, closes, tzinfo=start.tzinfo)
            if begin >= end:
                continue
            if wait <= end - begin:
                return begin + wait
            wait -= end - begin
        day += timedelta(days=1)


@lru_cache(maxsize=4096)
def _announced_day(day: date) -> bool | None:
    from chinese_calendar import is_workday

    try:
        return bool(is_workday(day))
    except NotImplementedError:  # the library's word for a year whose holidays nobody has announced
        return None
