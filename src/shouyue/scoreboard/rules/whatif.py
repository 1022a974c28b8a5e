"""What more answers would decide: the agreed rule on counts that might come."""

from dataclasses import dataclass
from fractions import Fraction

from shouyue.surveys.estimates.rules.decision import Decision, verdict


@dataclass(frozen=True, slots=True)
class Supposed:
    """A verdict on the answers there are and `more` supposed ones, of which `more_kept` are satisfied."""

    more: int
    more_kept: int
    kept: int
    asked: int
    decision: Decision


def suppose(*, kept: int, asked: int, more: int, share: Fraction, p0: Fraction, alpha: Fraction) -> Supposed:
    """Judge as if `more` answers came of which this share is satisfied, rounded to whole answers.

    kept <= asked; more >= 0; share in [0, 1]. As if counted once: for waves with planned looks the limits are narrower.
    """
    if more < 0 or not 0 <= share <= 1:
        raise ValueError("more answers, and a share of them")
    more_kept = round(more * share)
    return Supposed(
        more,
        more_kept,
        kept + more_kept,
        asked + more,
        verdict(kept + more_kept, asked + more, p0, alpha),
    )
