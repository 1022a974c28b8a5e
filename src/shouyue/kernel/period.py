"""Quarters: the periods in which the contract is surveyed, measured and judged."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shouyue.kernel.clock import day_in

_LABEL = re.compile(r"(\d{4})Q([1-4])", re.ASCII)


class QuarterError(ValueError):
    """What was given does not name a calendar quarter."""


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A calendar quarter; it sorts by time. `number` is 1 to 4, `year` 1 to 9999; else QuarterError."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 4 and 1 <= self.year <= 9999):
            raise QuarterError(f"no such quarter: year {self.year}, number {self.number}")

    def __str__(self) -> str:
        return self.label

    @staticmethod
    def of(day: date) -> "Quarter":
        """The quarter of a calendar day. A datetime is refused: its day depends on a zone, see of_moment."""
        if isinstance(day, datetime):
            raise QuarterError("a moment has a quarter only in a zone: use Quarter.of_moment(at, zone)")
        return _quarter_of(day)

    @staticmethod
    def of_moment(at: datetime, zone: str) -> "Quarter":
        """The quarter that `at` (aware) falls in, by the calendar of the named zone ("Asia/Shanghai")."""
        if at.tzinfo is None:
            raise QuarterError("a moment without a zone has no quarter")
        return _quarter_of(day_in(zone, at))

    @staticmethod
    def parse(label: str) -> "Quarter":
        """The quarter of a label such as "2011Q3"; QuarterError for anything else."""
        found = _LABEL.fullmatch(label)
        if found is None:
            raise QuarterError(f"not a quarter: {label!r}; one looks like 2011Q3")
        return Quarter(int(found[1]), int(found[2]))

    @property
    def label(self) -> str:
        return f"{self.year:04d}Q{self.number}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        if self.number == 4:
            return date(self.year, 12, 31)
        return date(self.year, 3 * self.number + 1, 1) - timedelta(days=1)

    def next(self) -> "Quarter":
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def previous(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """The moments, in UTC, at which the quarter starts and at which the next one starts, in the named zone.

        Half open: a moment belongs to the quarter when start <= at < end. The answer is in UTC because Python
        compares two moments of one zone by their wall clocks, which daylight saving makes wrong.
        """
        return _midnight(self.first_day, zone), _midnight(self.next().first_day, zone)


@lru_cache(maxsize=8192)
def _quarter_of(day: date) -> Quarter:
    # Kept, because millions of purchases fall on a few thousand days.
    return Quarter(day.year, (day.month + 2) // 3)


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
