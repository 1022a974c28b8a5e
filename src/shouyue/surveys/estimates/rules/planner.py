"""How many to ask: for an interval of a wanted width, for a verdict of a wanted certainty, for a comparison."""

from fractions import Fraction
from functools import lru_cache
from math import ceil

from shouyue.surveys.estimates.rules.decision import ANSWERS_MAX, FIVE_PERCENT, Exact, decision_limits


def answers_for_width(half_width: float, share: float = 0.5, level: float = 0.95, population: int | None = None) -> int:
    """Answers so that the interval reaches half_width to each side of `share`, rounded to the nearest whole.

    share, half_width, level: within (0, 1). population: corrects for few customers, never more than they are.
    Source: statsmodels samplesize_confint_proportion; with a population the table of Krejcie & Morgan 1970,
    whose rounding this keeps.
    """
    if not (0 < half_width < 1 and 0 < share < 1 and 0 < level < 1):
        raise ValueError("half_width, share and level lie between 0 and 1")
    if population is not None and population < 1:
        raise ValueError("a population has at least one customer")
    from statsmodels.stats.proportion import samplesize_confint_proportion

    unlimited = float(samplesize_confint_proportion(share, half_width, alpha=1 - level))
    if population is None:
        return ceil(unlimited)
    return min(population, round(unlimited * population / (population - 1 + unlimited)))


@lru_cache(maxsize=256)
def answers_for_verdict(p: float, p0: Exact, alpha: Exact = FIVE_PERCENT, power: float = 0.8) -> int | None:
    """Answers from which on a party whose true share is p gets its verdict with at least this probability.

    p: the true share; above p0 the verdict is MET, below it MISSED, at p0 there is none (None). power is a saw over
    whole numbers: the answer is the least number after which it no longer dips below. None beyond a tenth of
    ANSWERS_MAX. Source: the decision rule itself, summed with scipy's binomial.
    """
    if not (0 < p < 1 and 0 < power < 1):
        raise ValueError("p and power lie between 0 and 1")
    enough: int | None = None
    for asked in range(1, ANSWERS_MAX // 10 + 1):
        if _power(p, asked, p0, alpha) < power:
            enough = None
        elif enough is None:
            enough = asked
    return enough


def power_of_comparison(difference: float, share: float, answers_each: int, *, alpha: float = 0.05) -> float:
    """How likely a two-sided test of two equal groups sees that one has `share`, the other that + difference.

    Returns a probability. ValueError for shares outside [0, 1] or no answers.
    Source: statsmodels power_proportions_2indep; Stata's example in tests/test_planner.py.
    """
    if not (0 <= share <= 1 and 0 <= share + difference <= 1 and answers_each >= 1 and 0 < alpha < 1):
        raise ValueError("both shares and alpha lie in [0, 1], with at least one answer each")
    from statsmodels.stats.proportion import power_proportions_2indep

    return float(power_proportions_2indep(difference, share, answers_each, alpha=alpha, return_results=False))


def _power(p: float, asked: int, p0: Exact, alpha: Exact) -> float:
    from scipy.special import bdtr, bdtrc

    limits = decision_limits(asked, p0, alpha)
    if p < Fraction(p0):
        return float(bdtr(limits.missed_max, asked, p)) if limits.missed_max is not None else 0.0
    return float(bdtrc(limits.met_min - 1, asked, p)) if limits.met_min is not None else 0.0
