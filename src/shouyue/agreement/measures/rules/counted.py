"""Counts of a measure by quarter, as the room that knows the records gives them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from shouyue.kernel.period import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """kept of asked in one quarter. is_sample: drawn at random, so that an interval says how sure it is."""

    quarter: Quarter
    kept: int
    asked: int
    is_sample: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is asked. parameters: of the measure's definition, as agreed. as_of: the day up to which records count."""

    agreement_id: UUID
    starts_on: date
    ends_on: date
    zone: str
    as_of: date
    parameters: Mapping[str, Any]

    def quarters(self) -> list[Quarter]:
        """Every quarter of the term that has begun by as_of, oldest first."""
        quarter, found = Quarter.of(self.starts_on), []
        while quarter.first_day <= min(self.ends_on, self.as_of):
            found.append(quarter)
            quarter = quarter.next()
        return found

    def counted(self, quarter: Quarter, kept: int, asked: int, *, is_sample: bool = False) -> Counted:
        """An answer to what is asked."""
        return Counted(quarter=quarter, kept=kept, asked=asked, is_sample=is_sample)


def by_quarter(days: Iterable[tuple[date, bool]], *, as_of: date) -> list[Counted]:
    """What fell due, and whether it was kept, summed by the quarter of its day; days after as_of do not count yet."""
    sums: dict[Quarter, list[int]] = {}
    for day, is_kept in days:
        if day <= as_of:
            found = sums.setdefault(Quarter.of(day), [0, 0])
            found[0] += is_kept
            found[1] += 1
    return [Counted(quarter=quarter, kept=kept, asked=asked) for quarter, (kept, asked) in sorted(sums.items())]
