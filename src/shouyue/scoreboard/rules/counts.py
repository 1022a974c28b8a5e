"""What is counted for each measure of a quarter, before it is judged."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from shouyue.kernel.period import Quarter
from shouyue.kernel.shares import difference_interval
from shouyue.scoreboard.rules.verdict import Basis
from shouyue.surveys.estimates.rules.loyalty import (
    Purchase,
    repurchase_by_cohort,
    repurchase_by_windows,
    retention_by_quarter,
)
from shouyue.surveys.waves.rules.reading import Reading

__all__ = ["MeasureCount", "Purchase", "repurchase_counts", "retention_counts", "with_changes"]

Details = Mapping[str, object]
# Shown beside the agreed window: how much the figure hangs on it.
_OTHER_WINDOWS = (30, 60, 180, 365)


@dataclass(frozen=True, slots=True)
class MeasureCount:
    """kept of asked in one quarter; details are shown beside the figure and never decide.

    reading: what a closed, drawn wave says by its own plan; None where the counts alone are judged.
    """

    quarter: Quarter
    kept: int
    asked: int
    basis: Basis
    is_due: bool
    details: Details = field(default_factory=dict)
    reading: Reading | None = None


def repurchase_counts(
    purchases: Callable[[bool], Iterable[Purchase]], *, window_days: int, as_of: date
) -> list[MeasureCount]:
    """Repurchase by cohort, with what other windows and leaving out cancelled orders would give.

    purchases: called with True to leave cancelled orders out; each call streams (customer, day) anew, sorted.
    """
    counted = repurchase_by_windows(purchases(False), sorted({window_days, *_OTHER_WINDOWS}), as_of)
    agreed = counted.pop(window_days)
    others = {f"window_{window}": of_quarters for window, of_quarters in counted.items()}
    others["without_cancelled"] = repurchase_by_cohort(purchases(True), window_days, as_of)
    sensitivity: dict[Quarter, dict[str, list[int]]] = {}
    for label, of_quarters in others.items():
        for quarter, other in of_quarters.items():
            if other.is_due:
                sensitivity.setdefault(quarter, {})[label] = [other.kept, other.asked]
    return [
        MeasureCount(
            quarter, one.kept, one.asked, Basis.CENSUS, one.is_due, {"sensitivity": sensitivity.get(quarter, {})}
        )
        for quarter, one in agreed.items()
    ]


def retention_counts(purchases: Callable[[bool], Iterable[Purchase]], *, as_of: date) -> list[MeasureCount]:
    """Retention by quarter, with what leaving out cancelled orders would give. purchases: as above."""
    others = retention_by_quarter(purchases(True), as_of)
    return [
        MeasureCount(quarter, one.kept, one.asked, Basis.CENSUS, one.is_due, _beside(others.get(quarter)))
        for quarter, one in retention_by_quarter(purchases(False), as_of).items()
    ]


def _beside(other: object) -> Details:
    kept, asked = getattr(other, "kept", 0), getattr(other, "asked", 0)
    return {"sensitivity": {"without_cancelled": [kept, asked]}} if asked else {}


def with_changes(counts: list[MeasureCount]) -> list[MeasureCount]:
    """The same counts; each one whose quarter before was counted too says how the share moved since.

    details["change"]: difference of the shares, and for samples low and high of Newcombe's 95 % interval.
    """
    by_quarter = {count.quarter: count for count in counts}
    return [_with_change(by_quarter.get(count.quarter.previous()), count) for count in counts]


def _with_change(before: MeasureCount | None, after: MeasureCount) -> MeasureCount:
    if before is None or not before.asked or not after.asked:
        return after
    change = {"difference": after.kept / after.asked - before.kept / before.asked}
    if after.basis is not Basis.CENSUS:
        interval = difference_interval(
            kept_before=before.kept, asked_before=before.asked, kept_after=after.kept, asked_after=after.asked
        )
        change |= {"low": interval.low, "high": interval.high}
    return replace(after, details={**after.details, "change": change})
