"""Qualification windows: over which days the amount that decides a tier is counted, and when it is reviewed."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class WindowKind(StrEnum):
    CALENDAR = "calendar"
    ANNIVERSARY = "anniversary"
    ROLLING = "rolling"


class WindowError(ValueError):
    """Settings that give no window: too few months, or a grace longer than the time between two reviews."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days from first to last, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Review:
    """The review of a closed window: it takes effect on `on`; until then purchases of the grace days still count."""

    window: Window
    on: date

    @property
    def counted(self) -> Window:
        return Window(self.window.first, self.on - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class WindowRule:
    """kind; months: length of a rolling window; grace_days: how long after a window's end its review waits."""

    kind: WindowKind
    months: int = 12
    grace_days: int = 0

    def __post_init__(self) -> None:
        grace_max = 27 if self.kind is WindowKind.ROLLING else 180
        if not 1 <= self.months <= 60 or not 0 <= self.grace_days <= grace_max:
            raise WindowError(f"months 1 to 60, grace_days 0 to {grace_max}")

    def window_on(self, day: date, *, joined_on: date) -> Window:
        """The window that a purchase of this day counts for first."""
        if self.kind is WindowKind.CALENDAR:
            return Window(date(day.year, 1, 1), date(day.year, 12, 31))
        if self.kind is WindowKind.ROLLING:
            return Window(plus_months(day, -self.months) + timedelta(days=1), day)
        years = day.year - joined_on.year
        if plus_months(joined_on, 12 * years) > day:
            years -= 1
        return Window(plus_months(joined_on, 12 * years), plus_months(joined_on, 12 * (years + 1)) - timedelta(days=1))

    def reviews(self, *, joined_on: date, until: date) -> Iterator[Review]:
        """Every review that took effect up to `until`, the earliest first."""
        for closed in self._closed(joined_on):
            on = closed.last + timedelta(days=1 + self.grace_days)
            if on > until:
                return
            yield Review(closed, on)

    def next_review(self, day: date, *, joined_on: date) -> Review:
        """The first review that takes effect after `day`."""
        for closed in self._closed(joined_on):
            on = closed.last + timedelta(days=1 + self.grace_days)
            if on > day:
                return Review(closed, on)
        raise WindowError("days end")  # the calendar's year 9999

    def _closed(self, joined_on: date) -> Iterator[Window]:
        if self.kind is WindowKind.ROLLING:
            # Reviewed on the first of each month, so that a member knows the day.
            first = date(joined_on.year, joined_on.month, 1)
            for month in range(1, 12 * 8000):
                on = plus_months(first, month)
                yield Window(plus_months(on, -self.months), on - timedelta(days=1))
            return
        day = joined_on
        while True:
            window = self.window_on(day, joined_on=joined_on)
            yield window
            day = window.last + timedelta(days=1)


def last_of_months(first: date, months: int) -> date:
    """The last day of so many months that begin on a day."""
    return plus_months(first, months) - timedelta(days=1)


def plus_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
