"""The one place that reads the clock. Outermost calls read it; everything below takes `at` or `on`."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def day_in(zone: str, at: datetime) -> date:
    """The calendar day that `at` (aware) falls on in the named zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def day_start(zone: str, at: datetime) -> datetime:
    """The midnight before `at` in the named zone: a moment that tells the day and nothing more."""
    return datetime.combine(day_in(zone, at), time(), ZoneInfo(zone))
