"""What goes with satisfaction: a logistic regression of "satisfied" on the marks of the other questions.

It shows what moves together, not what causes what. Source: statsmodels Logit; a second fit in tests/test_drivers.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

ANSWERS_MIN = 50
# Rarer of the two outcomes for each driver: fewer make the odds wild (Peduzzi et al. 1996).
EVENTS_EACH_MIN = 10


@dataclass(frozen=True, slots=True)
class Driver:
    """odds: by how much one mark more multiplies the odds of being satisfied, others equal; low, high: 95 %."""

    name: str
    odds: float
    low: float
    high: float
    p_value: float

    @property
    def is_clear(self) -> bool:
        return self.low > 1 or self.high < 1


@dataclass(frozen=True, slots=True)
class Drivers:
    """answers: with every question answered. reason: why there are none: few, same, separated; "" where there are."""

    answers: int
    found: tuple[Driver, ...] = ()
    reason: str = ""


def drivers(satisfied: Sequence[bool], marks: Mapping[str, Sequence[float | None]]) -> Drivers:
    """Strongest first. marks: of each question, one for each answer, None where it was skipped.

    Answers that skip a question are left out; a question that everybody marked alike drives nothing and is left out.
    Raises ValueError when the columns do not fit.
    """
    if any(len(column) != len(satisfied) for column in marks.values()):
        raise ValueError("one mark, or None, for each answer")
    columns = {name: column for name, column in marks.items() if len({one for one in column if one is not None}) > 1}
    rows = [
        (kept, values)
        for kept, *values in zip(satisfied, *columns.values(), strict=True)
        if all(value is not None for value in values)
    ]
    rarer = min(sum(kept for kept, _values in rows), sum(not kept for kept, _values in rows))
    if len(rows) < ANSWERS_MIN or not columns or rarer < EVENTS_EACH_MIN * len(columns):
        return Drivers(len(rows), reason="few")
    return _fitted(list(columns), rows)


def _fitted(names: list[str], rows: list[tuple[bool, list[float | None]]]) -> Drivers:
    import warnings

    import numpy as np
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, HessianInversionWarning, PerfectSeparationWarning

    outcome = np.array([float(kept) for kept, _values in rows])
    table = sm.add_constant(np.array([values for _kept, values in rows], dtype=float), has_constant="add")
    if np.linalg.matrix_rank(table) < table.shape[1]:
        return Drivers(len(rows), reason="same")
    with warnings.catch_warnings():
        for kind in (ConvergenceWarning, HessianInversionWarning, PerfectSeparationWarning, RuntimeWarning):
            warnings.simplefilter("error", kind)
        try:
            fit = sm.Logit(outcome, table).fit(disp=0, maxiter=100)
            bounds = fit.conf_int(alpha=0.05)
        except (Warning, np.linalg.LinAlgError):
            return Drivers(len(rows), reason="separated")
    found = [
        Driver(name, exp(fit.params[place]), exp(bounds[place][0]), exp(bounds[place][1]), float(fit.pvalues[place]))
        for place, name in enumerate(names, start=1)
    ]
    return Drivers(len(rows), tuple(sorted(found, key=lambda one: -abs(log(one.odds)))))
