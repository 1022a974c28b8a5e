"""Points for an amount: the rate of a programme, its rounding, and the same for a million amounts at once."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Exact: TypeAlias = Fraction | Decimal | int


class Rounding(StrEnum):
    DOWN = "down"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"


class Basis(StrEnum):
    """Of what points are earned: of what was paid in money, or of the whole amount though part was paid in points."""

    PAID = "paid"
    GROSS = "gross"


class ReturnTooLargeError(ValueError):
    """More comes back than was bought and not yet returned, or nothing."""


class OutOfRangeError(ValueError):
    """An amount too large to be reckoned in columns exactly."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`points` for each `per` of the amount."""

    per: Exact
    points: Exact
    rounding: Rounding = Rounding.DOWN
    basis: Basis = Basis.PAID


def points_for(amount: Exact, rate: Rate, *, paid_in_points: Exact = 0) -> int:
    """Points that an amount earns; none for nothing or less. Amounts and `per` are in the same unit."""
    base = Fraction(amount) - (Fraction(paid_in_points) if rate.basis is Basis.PAID else 0)
    return rounded(base * Fraction(rate.points) / Fraction(rate.per), rate.rounding) if base > 0 else 0


def points_lost(amount: Exact, returned: Exact, rate: Rate, *, before: Exact = 0, paid_in_points: Exact = 0) -> int:
    """Points that a purchase loses when part of it is returned: what it earns less what is left of it would earn.

    before: what was returned of it earlier. So returns bit by bit take back neither more nor less than was given.
    Raises ReturnTooLargeError for more than was bought.
    """
    kept = Fraction(amount) - Fraction(before)
    if not 0 < returned <= kept:
        raise ReturnTooLargeError
    left = kept - Fraction(returned)
    return points_for(kept, rate, paid_in_points=paid_in_points) - points_for(left, rate, paid_in_points=paid_in_points)


def lot_days(day: int, *, pending_days: int = 0, expire_after_days: int | None = None) -> tuple[int, int | None]:
    """The first and the last day on which points earned on `day` can be spent."""
    return day + pending_days, None if expire_after_days is None else day + expire_after_days


def rounded(value: Exact, rounding: Rounding) -> int:
    """A share of points or minor units as a whole number."""
    exact = Fraction(value)
    whole, rest = exact.numerator // exact.denominator, exact % 1
    up = {
        Rounding.DOWN: False,
        Rounding.UP: rest > 0,
        Rounding.HALF_UP: rest >= Fraction(1, 2),
        Rounding.HALF_EVEN: rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
    }[rounding]
    return whole + up


def points_for_all(amounts: NDArray[np.int64], rate: Rate) -> NDArray[np.int64]:
    """`points_for` of every amount, for a rate of whole numbers. Raises OutOfRangeError rather than overflow."""
    per, points = int(rate.per), int(rate.points)
    if len(amounts) and int(np.abs(amounts).max()) > (2**62) // (2 * max(points, 1)) - 2 * per:
        raise OutOfRangeError
    product: NDArray[np.int64] = np.maximum(amounts, 0) * points
    whole: NDArray[np.int64] = product // per
    rest: NDArray[np.int64] = product % per
    up = {
        Rounding.DOWN: np.zeros(len(whole), dtype=bool),
        Rounding.UP: rest > 0,
        Rounding.HALF_UP: 2 * rest >= per,
        Rounding.HALF_EVEN: (2 * rest > per) | ((2 * rest == per) & (whole % 2 == 1)),
    }[rate.rounding]
    return np.asarray(whole + up, dtype=np.int64)


def costs_for_all(points: NDArray[np.int64], point_value_e4: int) -> NDArray[np.int64]:
    """The liability of points in fen, half up."""
    return np.asarray((points * point_value_e4 + 50) // 100, dtype=np.int64)


def minor_units(amount: Exact, minor: int = 2) -> int:
    """An amount in whole minor units, rounded half up."""
    return rounded(Fraction(amount) * 10**minor, Rounding.HALF_UP)


def amount_of_points(points: Exact, rate: Exact, *, minor: int = 2, rounding: Rounding = Rounding.DOWN) -> Decimal:
    """What points are worth at `rate` currency units a point, to `minor` decimals."""
    return Decimal(rounded(Fraction(points) * Fraction(rate) * 10**minor, rounding)).scaleb(-minor)


def points_of_amount(amount: Exact, rate: Exact, *, rounding: Rounding = Rounding.UP) -> int:
    """Points that pay an amount at `rate` currency units a point; none for nothing, or where they pay nothing."""
    return rounded(Fraction(amount) / Fraction(rate), rounding) if amount > 0 and rate > 0 else 0
