"""Has it changed? Tests between waves, from statsmodels; the interval of a change is kernel's difference_interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from shouyue.kernel.shares import difference_interval

# No change is told to be rarer than this.
_RAREST = 1e-12


@dataclass(frozen=True, slots=True)
class ChangeTest:
    """A test statistic (chi-square or Cochran's Q) and its p-value."""

    statistic: float
    p_value: float


def same_people_changed(*, both: int, lost: int, won: int, neither: int, corrected: bool = True) -> ChangeTest:
    """McNemar's test for the same people asked twice: is losing customers as frequent as winning them?

    both, neither: satisfied both times, or never; lost: only the first time; won: only the second. All >= 0, and
    lost + won >= 1 (nobody changed: nothing to test; ValueError). corrected: with continuity correction.
    Source: statsmodels mcnemar; R's mcnemar.test in tests/test_change.py.
    """
    if min(both, lost, won, neither) < 0 or lost + won == 0:
        raise ValueError("counts are >= 0, and somebody must have changed")
    from statsmodels.stats.contingency_tables import mcnemar

    result = mcnemar([[both, lost], [won, neither]], exact=False, correction=corrected)
    return ChangeTest(float(result.statistic), float(result.pvalue))


def different_people_changed(*, kept_before: int, asked_before: int, kept_after: int, asked_after: int) -> float:
    """The p-value that belongs to Newcombe's interval: the least risk at which it leaves out no change at all.

    So p <= 0.05 exactly where the 95 % interval of the difference does not reach over 0. Counts as for
    difference_interval; 1 where both shares are the same.
    Source: statsmodels' interval, inverted; Newcombe 1998 and Fisher's test in tests/test_change.py.
    """
    if kept_before * asked_after == kept_after * asked_before:
        return 1.0

    def leaves_out_none(risk: float) -> bool:
        found = difference_interval(
            kept_before=kept_before,
            asked_before=asked_before,
            kept_after=kept_after,
            asked_after=asked_after,
            level=1 - risk,
        )
        return found.low > 0 or found.high < 0

    if leaves_out_none(_RAREST):
        return _RAREST
    below, above = log(_RAREST), 0.0
    for _halving in range(50):
        middle = (below + above) / 2
        below, above = (below, middle) if leaves_out_none(exp(middle)) else (middle, above)
    return exp(above)


def same_people_differ(answers: Sequence[Sequence[int]]) -> ChangeTest:
    """Cochran's Q for the same people asked several times: one row of 0 and 1 for each person, all of one length.

    Source: statsmodels cochrans_q; Conover p. 253 in tests/test_change.py.
    """
    waves = {len(row) for row in answers}
    if len(waves) != 1 or min(waves) < 2 or any(mark not in (0, 1) for row in answers for mark in row):
        raise ValueError("rows of 0 and 1, one for each person, with the same two or more waves")
    from statsmodels.stats.contingency_tables import cochrans_q

    result = cochrans_q(answers)
    return ChangeTest(float(result.statistic), float(result.pvalue))


def trend(kept: Sequence[int], asked: Sequence[int]) -> ChangeTest:
    """Chi-square test for a trend of shares over evenly spaced waves (Cochran-Armitage), 1 degree of freedom.

    kept, asked: a count for each of two or more waves. ValueError when they do not fit, or all answers agree.
    Source: statsmodels Table.test_ordinal_association; R's prop.trend.test in tests/test_change.py.
    """
    pairs = list(zip(kept, asked, strict=True))
    if len(pairs) < 2 or any(not 0 <= k <= n or n < 1 for k, n in pairs):
        raise ValueError("need two or more waves with 0 <= kept <= asked and asked >= 1")
    answers = sum(asked)
    if sum(kept) in (0, answers):
        raise ValueError("all answers agree: there is no trend to test")
    from scipy.stats import chi2
    from statsmodels.stats.contingency_tables import Table

    table = Table([[n - k, k] for k, n in pairs], shift_zeros=False)
    # statsmodels divides by n - 1 where Armitage, and R, divide by n.
    statistic = float(table.test_ordinal_association().zscore) ** 2 * answers / (answers - 1)
    return ChangeTest(statistic, float(chi2.sf(statistic, 1)))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values of several looks (groups, quarters of a year) adjusted so that all hold together (Holm 1979).

    In the order given; each in [0, 1]. Source: statsmodels multipletests.
    """
    if not p_values:
        return []
    from statsmodels.stats.multitest import multipletests

    return [float(p_value) for p_value in multipletests(p_values, method="holm")[1]]
