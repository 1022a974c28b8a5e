"""Points as a liability by IFRS 15: what a sale defers, and the revenue of each period as points are used."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shouyue.membership.ledger.rules.earning import Exact, Rounding, rounded


@dataclass(frozen=True, slots=True)
class Allocation:
    """How the price of a sale falls apart (IFRS 15.74, by relative stand-alone selling prices)."""

    points_ssp: Decimal
    deferred: Decimal
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class Use:
    """A period: points redeemed in it, and how many in all are now expected ever to be."""

    redeemed: Exact
    expected_total: Exact


def allocate(
    *, price: Exact, goods_ssp: Exact, points: Exact, point_value: Exact, expected_rate: Exact, minor: int = 2
) -> Allocation:
    """Allocate a price to goods and points. expected_rate: share of points expected to be redeemed."""
    ssp = Fraction(points) * Fraction(point_value) * Fraction(expected_rate)
    deferred = money(Fraction(price) * ssp / (Fraction(goods_ssp) + ssp), minor)
    return Allocation(money(ssp, minor), deferred, money(Fraction(price) - Fraction(deferred), minor))


def revenue_by_period(allocated: Exact, uses: Sequence[Use], *, minor: int = 2) -> list[Decimal]:
    """Revenue of each period, by cumulative catch-up: a changed estimate is made good in the period that changes it."""
    revenues: list[Decimal] = []
    redeemed = Fraction(0)
    for use in uses:
        redeemed += Fraction(use.redeemed)
        share = redeemed / Fraction(use.expected_total) if redeemed < use.expected_total else Fraction(1)
        revenues.append(money(Fraction(allocated) * share - sum(map(Fraction, revenues)), minor))
    return revenues


def breakage_fen(liability_fen: int, *, expired: int, ended: int) -> int:
    """What is expected never to be used. expired, ended: points that expired, of all in lots whose last day passed."""
    return rounded(Fraction(liability_fen * expired, ended), Rounding.HALF_UP) if ended else 0


def liability_left(allocated: Exact, revenues: Sequence[Decimal], *, minor: int = 2) -> Decimal:
    return money(Fraction(allocated) - sum(map(Fraction, revenues)), minor)


def money(value: Exact, minor: int) -> Decimal:
    """Rounded half up to the currency's minor unit."""
    return Decimal(rounded(Fraction(value) * 10**minor, Rounding.HALF_UP)).scaleb(-minor)
