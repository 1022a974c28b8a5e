"""Who stands for a merged record, and how good a search was by what people decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shouyue.kernel.shares import Interval, share_interval


def root_of(customer: UUID, survivors: Mapping[UUID, UUID]) -> UUID:
    """Who stands for a customer at the end of a chain of merges. survivors: by merged customer."""
    while customer in survivors:
        customer = survivors[customer]
    return customer


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Pairs of one kind, and what people decided of those they looked at."""

    pairs: int
    right: int
    wrong: int

    @property
    def decided(self) -> int:
        return self.right + self.wrong


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the search is by review. recall: None until some of the less likely pairs were looked at.

    It counts the pairs that the search compared; those that share neither contact nor name and birthday are not seen.
    """

    reviewed: int
    precision: float
    precision_interval: Interval
    recall: float | None
    recall_interval: Interval | None


def quality(likely: Reviewed, less: Reviewed, *, level: float = 0.95) -> Quality | None:
    """Precision and recall with intervals, from pairs looked at in random order; None before the first one.

    Recall is what is right among the likely pairs against that and what is right among the others. Its interval takes
    both shares at half of the allowed error each, so it is never less sure than it says.
    """
    if not likely.decided:
        return None
    precision = share_interval(likely.right, likely.decided, level)
    recall = recall_interval = None
    if less.decided or not less.pairs:
        half = 1 - (1 - level) / 2
        hits = share_interval(likely.right, likely.decided, half)
        misses = share_interval(less.right, less.decided, half) if less.decided else Interval(0, 0, half, "wilson")
        missed = less.pairs * less.right / less.decided if less.decided else 0.0
        recall = _recall(likely.pairs * likely.right / likely.decided, missed)
        low = _recall(likely.pairs * hits.low, less.pairs * misses.high)
        high = _recall(likely.pairs * hits.high, less.pairs * misses.low)
        recall_interval = Interval(low, high, level, "wilson, both shares")
    decided = likely.decided + less.decided
    return Quality(decided, likely.right / likely.decided, precision, recall, recall_interval)


def _recall(found: float, missed: float) -> float:
    return found / (found + missed) if found + missed else 0.0
