"""How long customers stay: Kaplan-Meier curves, with customers who are still there counted as far as they are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan


@dataclass(frozen=True, slots=True)
class Survival:
    """times: when somebody left, ascending. shares: who is still there after each; errors: Greenwood's, of each."""

    times: tuple[float, ...]
    shares: tuple[float, ...]
    errors: tuple[float, ...]

    def at(self, time: float) -> float:
        """The share still there after this time; 1 before anybody left."""
        return next(
            (share for left, share in zip(self.times[::-1], self.shares[::-1], strict=True) if left <= time), 1.0
        )

    @property
    def median(self) -> float | None:
        """The first time at which at most half are left; None: more than half stay to the end."""
        return next((time for time, share in zip(self.times, self.shares, strict=True) if share <= 0.5), None)


def survival(times: Sequence[float], left: Sequence[bool]) -> Survival:
    """The curve of a cohort. times: how long each customer is known, >= 0; left: False: still there then.

    Raises ValueError when the two do not fit or nobody is given.
    Source: statsmodels SurvfuncRight; R's survival on the aml data in tests/test_survival.py.
    """
    if not times or len(times) != len(left) or min(times) < 0:
        raise ValueError("need a time >= 0 and a mark for each of at least one customer")
    if not any(left):
        return Survival((), (), ())
    from statsmodels.duration.survfunc import SurvfuncRight

    curve = SurvfuncRight([float(time) for time in times], [int(bool(mark)) for mark in left])
    errors = (0.0 if isnan(float(error)) else float(error) for error in curve.surv_prob_se)
    return Survival(tuple(map(float, curve.surv_times)), tuple(map(float, curve.surv_prob)), tuple(errors))
