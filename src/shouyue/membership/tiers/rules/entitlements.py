"""Benefits of a tier: how often they may be used in a period, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shouyue.membership.tiers.rules.windows import Window, plus_months


class BenefitPeriod(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Left:
    """quota: None is as often as wanted. left: None then."""

    quota: int | None
    used: int
    left: int | None
    until: date | None

    @property
    def is_open(self) -> bool:
        return self.left is None or self.left > 0


def period_of(period: BenefitPeriod, day: date) -> Window | None:
    """The calendar period around a day; None: counted over all days."""
    if period is BenefitPeriod.ALWAYS:
        return None
    months = {BenefitPeriod.MONTH: 1, BenefitPeriod.QUARTER: 3, BenefitPeriod.YEAR: 12}[period]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Window(first, plus_months(first, months) - timedelta(days=1))


def left_of(quota: int | None, period: BenefitPeriod, used_on: Sequence[date], day: date) -> Left:
    """What is left on a day of uses on these days; a smaller quota of a newer version leaves nothing, never less."""
    window = period_of(period, day)
    used = sum(1 for one in used_on if window is None or one in window)
    left = None if quota is None else max(0, quota - used)
    return Left(quota, used, left, window.last if window else None)
