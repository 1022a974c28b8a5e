"""What an order has earned by its programme, as it stands: less what came back, less what was paid with points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from shouyue.membership.ledger.rules.earning import Rate, points_for_all
from shouyue.membership.programme.rules.content import earn_of
from shouyue.membership.programme.rules.earning import (
    EarnRule,
    EarnVersion,
    Event,
    Line,
    Occasion,
    Part,
    Quote,
    Source,
    holds,
    quote,
)

__all__ = [
    "NOTHING",
    "EarnVersion",
    "Line",
    "Quote",
    "Sold",
    "all_due",
    "earn_of",
    "in_money",
    "lines_of",
    "plain_rule",
    "points_due",
    "to_take",
]
NOTHING = Quote(0, ())


@dataclass(frozen=True, slots=True)
class Sold:
    """An order as earning sees it. lines: what the buyer kept. paid_fen: what of it was paid with points.

    who: the member, for the holdout of campaigns.
    """

    day: date
    channel: str
    lines: tuple[Line, ...]
    tier: str | None = None
    is_first: bool = False
    paid_fen: int = 0
    who: UUID | None = None

    @property
    def earns_by_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines) - self.paid_fen


def points_due(version: EarnVersion, sold: Sold) -> Quote:
    """Points of an order and why; none for one of which nothing is left to be paid in money."""
    if sold.earns_by_fen <= 0:
        return NOTHING
    lines = in_money(sold.lines, sold.paid_fen)
    return quote(version, Event(Occasion.PURCHASE, sold.day, lines, sold.channel, sold.tier, sold.is_first, sold.who))


def lines_of(
    items: Sequence[str], amounts_fen: Sequence[int], categories: Mapping[str, Sequence[str]] | None
) -> tuple[Line, ...]:
    """Lines with the categories of their items, where they are asked for."""
    known = categories or {}
    return tuple(Line(item, fen, frozenset(known.get(item, ()))) for item, fen in zip(items, amounts_fen, strict=True))


def in_money(lines: Sequence[Line], paid_fen: int) -> tuple[Line, ...]:
    """The lines less what points paid of them, each its share; the shares add up to the fen."""
    if not paid_fen:
        return tuple(lines)
    total = sum(line.amount_fen for line in lines)
    told, before, covered = [], 0, 0
    for line in lines:
        before += line.amount_fen
        share = before * paid_fen // total - covered
        covered += share
        told.append(Line(line.item, line.amount_fen - share, line.categories))
    return tuple(told)


def to_take(fewer: int, *, expired: int, excused: int) -> int:
    """Points to take back when an order is due so many fewer; none when it is due more.

    expired: of all it was given, what the member lost unused; that is not taken once more. excused: of these, what
    earlier returns did not take for that reason.
    """
    return max(0, fewer - (expired - excused))


def all_due(version: EarnVersion, orders: Sequence[Sold]) -> list[Quote]:
    """`points_due` of every order; in columns where a rule is about whatever was bought."""
    quotes: list[Quote] = [NOTHING] * len(orders)
    plain: dict[tuple[date, str | None], list[int]] = {}
    for place, sold in enumerate(orders):
        if not sold.is_first and plain_rule(version, sold.day) is not None:
            plain.setdefault((sold.day, sold.tier), []).append(place)
        else:
            quotes[place] = points_due(version, sold)
    for (day, tier), places in plain.items():
        amounts = np.array([orders[place].earns_by_fen for place in places], dtype=np.int64)
        for place, found in zip(places, _in_columns(version, day, tier, amounts), strict=True):
            quotes[place] = found
    return quotes


def plain_rule(version: EarnVersion, day: date) -> EarnRule | None:
    """The one rule that every line earns by on a day; None where that depends on what was bought, and where."""
    rules = [rule for rule in version.rules if rule.occasion is Occasion.PURCHASE and holds(rule.first, rule.last, day)]
    campaigns = any(holds(one.first, one.last, day) for one in version.multipliers)
    if not rules or campaigns:
        return None
    scope = rules[0].scope
    return None if scope.categories or scope.items or scope.channels else rules[0]


def _in_columns(version: EarnVersion, day: date, tier: str | None, amounts: NDArray[np.int64]) -> list[Quote]:
    rule = plain_rule(version, day)
    if rule is None:
        return [NOTHING] * len(amounts)
    limit = min([limit for limit in (rule.cap, rule.left) if limit is not None], default=None)
    base = points_for_all(amounts, Rate(rule.per_fen, rule.points))
    if limit is not None:
        base = np.minimum(base, limit)
    factor = version.tier_factors.get(tier or "", Decimal(1)) if rule.uses_tier else Decimal(1)
    more = Fraction(max(factor, Decimal(1)) - 1)
    extra = base * more.numerator // more.denominator
    parts = zip(amounts.tolist(), base.tolist(), extra.tolist(), strict=True)
    return [
        _capped(
            Part(Source.BASE, rule.key, points, amount_fen=amount),
            Part(Source.TIER, tier or "", more_points, factor=factor),
            most=version.cap_per_event,
        )
        for amount, points, more_points in parts
    ]


def _capped(*parts: Part, most: int | None) -> Quote:
    """The parts that have points, less what is above the cap of one event."""
    kept = [part for part in parts if part.points]
    total = sum(part.points for part in kept)
    if most is not None and total > most:
        kept.append(Part(Source.CAP, "", most - total))
    return Quote(sum(part.points for part in kept), tuple(kept))
