"""The one place that reads the clock. Outermost calls read it; everything below takes `at` or `on`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def day_in(zone: str, at: datetime) -> date:
    """The calendar day that `at` (aware) falls on in the named zone."""
    return at.astimezone(ZoneInfo(zone)).date()
