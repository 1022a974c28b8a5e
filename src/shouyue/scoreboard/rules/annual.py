"""The year in one view: four looks at one target, corrected so that all of them keep the agreed risk (Holm)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shouyue.kernel.period import Quarter
from shouyue.scoreboard.rules.verdict import State
from shouyue.surveys.estimates.rules.change import holm


@dataclass(frozen=True, slots=True)
class YearRow:
    """One quarter. p_missed, p_met: how likely so low, or so high, a count is exactly at the target; then adjusted.

    state: None where binomial tails say nothing of the quarter; its p values are then 1.
    """

    quarter: Quarter
    kept: int
    asked: int
    p_missed: float
    p_met: float
    adjusted_missed: float
    adjusted_met: float
    state: State | None


def year_of(
    counts: Sequence[tuple[Quarter, int, int]],
    *,
    p0: Fraction,
    alpha: Fraction,
    apart: Collection[Quarter] = (),
) -> list[YearRow]:
    """Each quarter judged so that the risk of a wrong verdict in any of them stays alpha. counts: kept, asked >= 1.

    apart: quarters of weighted answers or of two looks, of which bare counts tell nothing. They are not judged in the
    year, but the others are adjusted as if they were.

    Exact binomial tails (scipy); step-down adjustment by Holm 1979 (statsmodels).
    """
    from scipy.stats import binom

    share = float(p0)
    low = [1.0 if q in apart else float(binom.cdf(kept, asked, share)) for q, kept, asked in counts]
    high = [1.0 if q in apart else float(binom.sf(kept - 1, asked, share)) for q, kept, asked in counts]
    low_all, high_all = holm(low), holm(high)
    return [
        YearRow(
            quarter,
            kept,
            asked,
            low[at],
            high[at],
            low_all[at],
            high_all[at],
            None if quarter in apart else _state(low_all[at], high_all[at], alpha),
        )
        for at, (quarter, kept, asked) in enumerate(counts)
    ]


def _state(p_missed: float, p_met: float, alpha: Fraction) -> State:
    if p_missed <= alpha:
        return State.MISSED
    return State.MET if p_met <= alpha else State.UNDETERMINED
