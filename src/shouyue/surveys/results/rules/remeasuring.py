"""Before and after: what a result that was asked again shows, by the test that fits who answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import erfc, sqrt
from uuid import UUID

from shouyue.agreement.plans.rules.remeasured import (
    Asked,
    Ground,
    Measured,
    Outcome,
    Remeasured,
    ResultChoice,
    which_again,
)
from shouyue.kernel.shares import difference_interval
from shouyue.surveys.estimates.rules.change import different_people_changed, holm, same_people_changed
from shouyue.surveys.estimates.rules.designs import Estimate

__all__ = [
    "Asked",
    "Compared",
    "Counts",
    "Measured",
    "Outcome",
    "Pairs",
    "Remeasured",
    "ResultChoice",
    "compared",
    "outcomes",
    "pairs_of",
    "which_again",
]

# Fewer people who answered both times say nothing about change.
PAIRED_MIN = 30
# The risk of calling chance a change, over all results of a quarter that were asked again together.
RISK = 0.05
_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Those who answered both times: satisfied both times, only the first, only the second, never."""

    both: int
    lost: int
    won: int
    neither: int

    @property
    def people(self) -> int:
        return self.both + self.lost + self.won + self.neither


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """kept of asked answers, asked >= 1. estimate: where answers are weighted. is_everybody: all customers answered."""

    kept: int
    asked: int
    estimate: Estimate | None = None
    is_everybody: bool = False

    @property
    def share(self) -> float:
        return self.estimate.value if self.estimate else self.kept / self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """after - before, with the 95 % interval where two samples are compared, and the p-value of no change.

    pairs: where the same people were compared, how many they are, were lost and were won.
    """

    ground: Ground
    difference: float
    low: float | None
    high: float | None
    p_value: float
    pairs: tuple[int, int, int] | None = None


def compared(before: Counts, after: Counts, pairs: Pairs | None) -> Compared:
    """The test that fits. pairs: None where nobody can be recognised.

    Everybody counted both times: the figures themselves, without chance. At least half of either side's answers from
    the same people, and thirty of them: McNemar, on these people alone. Weighted: the normal interval, both times
    taken as independent, which is careful where some are the same. Else Newcombe.
    """
    difference = after.share - before.share
    if before.is_everybody and after.is_everybody:
        return Compared(
            ground=Ground.COUNTED, difference=difference, low=None, high=None, p_value=float(not difference)
        )
    if pairs and pairs.people >= PAIRED_MIN and 2 * pairs.people >= max(before.asked, after.asked):
        turned = pairs.lost + pairs.won
        p_value = 1.0
        if turned:
            p_value = same_people_changed(
                both=pairs.both, lost=pairs.lost, won=pairs.won, neither=pairs.neither
            ).p_value
        told = (pairs.people, pairs.lost, pairs.won)
        moved = (pairs.won - pairs.lost) / pairs.people
        return Compared(ground=Ground.SAME_PEOPLE, difference=moved, low=None, high=None, p_value=p_value, pairs=told)
    if before.estimate or after.estimate:
        return _weighted(before, after, difference)
    interval = difference_interval(
        kept_before=before.kept, asked_before=before.asked, kept_after=after.kept, asked_after=after.asked
    )
    p_value = different_people_changed(
        kept_before=before.kept, asked_before=before.asked, kept_after=after.kept, asked_after=after.asked
    )
    return Compared(
        ground=Ground.DIFFERENT_PEOPLE, difference=difference, low=interval.low, high=interval.high, p_value=p_value
    )


def outcomes(found: Mapping[str, Compared]) -> dict[str, tuple[Outcome, float]]:
    """What each comparison of one family shows, and its p-value by Holm: better, worse, or not shown.

    What was counted of everybody is no test, so it makes the others no stricter.
    """
    tested = [key for key, one in found.items() if one.ground is not Ground.COUNTED]
    adjusted = dict(zip(tested, holm([found[key].p_value for key in tested]), strict=True))
    return {
        key: (_outcome(one, p_value), p_value)
        for key, one in found.items()
        for p_value in [adjusted.get(key, one.p_value)]
    }


def _outcome(one: Compared, adjusted: float) -> Outcome:
    if adjusted > RISK or not one.difference:
        return Outcome.NOT_SHOWN
    return Outcome.BETTER if one.difference > 0 else Outcome.WORSE


def _weighted(before: Counts, after: Counts, difference: float) -> Compared:
    error = sqrt(_variance(before) + _variance(after))
    p_value = erfc(abs(difference) / error / sqrt(2)) if error else float(not difference)
    reach = _NORMAL_95 * error
    return Compared(
        ground=Ground.WEIGHTED,
        difference=difference,
        low=max(-1.0, difference - reach),
        high=min(1.0, difference + reach),
        p_value=p_value,
    )


def _variance(counts: Counts) -> float:
    if counts.estimate:
        return counts.estimate.error**2
    return counts.share * (1 - counts.share) / counts.asked


def pairs_of(before: Mapping[UUID, bool], after: Mapping[UUID, bool]) -> Pairs:
    """Who answered both times. before, after: whether each person was satisfied."""
    told = [(before[one], after[one]) for one in before.keys() & after.keys()]
    return Pairs(
        both=told.count((True, True)),
        lost=told.count((True, False)),
        won=told.count((False, True)),
        neither=told.count((False, False)),
    )
