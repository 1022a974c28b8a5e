"""Shares with their intervals. The estimators are statsmodels' and scipy's; here are the names and the limits.

statsmodels takes seconds and scipy.stats tens of megabytes to load, so both are imported on the first question.
"""

from dataclasses import dataclass
from typing import Literal, get_args

Method = Literal["wilson", "beta", "jeffreys", "agresti_coull", "normal"]
DifferenceMethod = Literal["newcomb", "agresti-caffo", "wald"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A range for a share (or for a difference of shares), and how it was made.

    low, high: in [0, 1] for a share, in [-1, 1] for a difference. level: confidence, e.g. 0.95.
    """

    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class ExactTest:
    """An exact two-sided binomial test: its p-value, and the Clopper-Pearson interval of the same answers."""

    p_value: float
    interval: Interval


def share_interval(kept: int, asked: int, level: float = 0.95, method: Method = "wilson") -> Interval:
    """Two-sided interval for the share kept/asked of independent answers.

    kept, asked: counts; 0 <= kept <= asked and asked >= 1. level: 0 < level < 1.
    method: "wilson" for display; "beta" is Clopper-Pearson, never less sure than it says; "jeffreys",
    "agresti_coull", and "normal" (the textbook one: too narrow near 0 and 1, here for comparison).
    Returns 0 <= low <= high <= 1. Raises ValueError outside those limits.
    Source: statsmodels proportion_confint; values of Newcombe 1998 and of R's binom.confint in tests/test_shares.py.
    """
    _check_counts(kept, asked)
    _check_level(level)
    if method not in get_args(Method):
        raise ValueError(f"unknown method: {method}")
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(kept, asked, alpha=1 - level, method=method)
    # Wilson's bounds at 0 and at all answers are exactly 0 and 1; arithmetic leaves a rest of 1e-17.
    return Interval(
        low=0.0 if kept == 0 and method != "jeffreys" else max(0.0, float(low)),
        high=1.0 if kept == asked and method != "jeffreys" else min(1.0, float(high)),
        level=level,
        method=method,
    )


def exact_test(kept: int, asked: int, p0: float, level: float = 0.95) -> ExactTest:
    """Is the true share `p0`? Exact two-sided binomial p-value (all outcomes no likelier than the one seen).

    kept, asked: as for share_interval. p0: in [0, 1].
    Source: scipy.stats.binomtest; R's binom.test example in tests/test_shares.py.
    """
    _check_counts(kept, asked)
    _check_level(level)
    if not 0 <= p0 <= 1:
        raise ValueError("p0 must be in [0, 1]")
    from scipy.stats import binomtest

    p_value = float(binomtest(kept, asked, p0).pvalue)
    return ExactTest(p_value=p_value, interval=share_interval(kept, asked, level, "beta"))


def difference_interval(
    *,
    kept_before: int,
    asked_before: int,
    kept_after: int,
    asked_after: int,
    level: float = 0.95,
    method: DifferenceMethod = "newcomb",
) -> Interval:
    """Interval for (share after - share before) of two independent sets of answers.

    Counts as for share_interval. Returns -1 <= low <= high <= 1. The same people asked twice are not independent:
    use McNemar's test for them.
    Source: statsmodels confint_proportions_2indep (Newcombe 1998, method 10); Fagerland 2015 in tests/test_shares.py.
    """
    _check_counts(kept_before, asked_before)
    _check_counts(kept_after, asked_after)
    _check_level(level)
    if method not in get_args(DifferenceMethod):
        raise ValueError(f"unknown method: {method}")
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        kept_after, asked_after, kept_before, asked_before, method=method, compare="diff", alpha=1 - level
    )
    return Interval(low=max(-1.0, float(low)), high=min(1.0, float(high)), level=level, method=method)


def _check_counts(kept: int, asked: int) -> None:
    if asked < 1 or not 0 <= kept <= asked:
        raise ValueError(f"need 0 <= kept <= asked and asked >= 1, not {kept} of {asked}")


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError("level must lie between 0 and 1")
