"""Earn rules: for what a member gets points, how many, and why; on plain values, to be reckoned again by anybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from shouyue.membership.programme.rules.holdout import CAMPAIGNS, is_held_out


class Occasion(StrEnum):
    """What happened; points for anything but a purchase are a fixed number."""

    PURCHASE = "purchase"
    FIRST_PURCHASE = "first_purchase"
    REVIEW = "review"
    CHECK_IN = "check_in"
    BIRTHDAY = "birthday"
    SURVEY = "survey"
    DATA_CONFIRMED = "data_confirmed"


class Combination(StrEnum):
    """How several multipliers of one purchase meet: the best alone, their extras added, or one upon the other."""

    BEST = "best"
    ADD = "add"
    MULTIPLY = "multiply"


class Source(StrEnum):
    """What a part of the points comes from."""

    BASE = "base"
    TIER = "tier"
    CAMPAIGN = "campaign"
    FIXED = "fixed"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which lines a rule is about. Empty: all of them; items and categories together: either of them.

    categories: ids; one stands for those below it too, as a line names all that its product is in.

    items: codes; one that ends in * stands for every code that begins so.
    """

    categories: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    def has(self, line: "Line", channel: str) -> bool:
        if self.channels and channel not in self.channels:
            return False
        if not self.categories and not self.items:
            return True
        if not self.categories.isdisjoint(line.categories) or line.item in self.items:
            return True
        return any(one.endswith("*") and line.item.startswith(one[:-1]) for one in self.items)


@dataclass(frozen=True, slots=True)
class EarnRule:
    """One sentence of a version. per_fen: for a purchase, this amount earns `points`; else `points` are the award.

    first, last: days on which it holds, both included; None is without end. cap: at most so many points for one
    event. left: what is left of its budget in points; None is without end.
    """

    key: str
    occasion: Occasion
    points: int
    per_fen: int = 0
    scope: Scope = Scope()
    first: date | None = None
    last: date | None = None
    cap: int | None = None
    left: int | None = None
    uses_tier: bool = True


@dataclass(frozen=True, slots=True)
class Multiplier:
    """A campaign that makes points more for some lines: factor 2 doubles them. The same dates, cap and budget."""

    key: str
    factor: Decimal
    scope: Scope = Scope()
    first: date | None = None
    last: date | None = None
    tiers: frozenset[str] = frozenset()
    cap: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class EarnVersion:
    """A published set of rules. tier_factors: by the tier's name; a tier that is not named has factor 1.

    holdout: share of members who get no campaign, so that its effect can be told.
    """

    rules: tuple[EarnRule, ...]
    tier_factors: Mapping[str, Decimal] = field(default_factory=dict)
    multipliers: tuple[Multiplier, ...] = ()
    combination: Combination = Combination.BEST
    cap_per_event: int | None = None
    holdout: float = 0.0

    @property
    def asks_categories(self) -> bool:
        """Whether a rule or campaign, of whatever days, is about categories."""
        return any(one.scope.categories for one in self.rules) or any(one.scope.categories for one in self.multipliers)


@dataclass(frozen=True, slots=True)
class Line:
    """categories: the one of the product and all above it, where a rule asks for them."""

    item: str
    amount_fen: int
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one member. is_first: it is their first purchase. who: for the holdout of campaigns."""

    occasion: Occasion
    day: date
    lines: tuple[Line, ...] = ()
    channel: str = ""
    tier: str | None = None
    is_first: bool = False
    who: UUID | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the points with its reason. amount_fen: what a base part was earned with; factor: of a multiplier."""

    source: Source
    key: str
    points: int
    amount_fen: int = 0
    factor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """points is always the sum of the parts."""

    points: int
    parts: tuple[Part, ...]


def quote(version: EarnVersion, event: Event) -> Quote:
    """Points of an event and why.

    Each line earns by one purchase rule: the first whose scope it is in. The amounts of a rule's lines are added
    before the one rounding down. Extra points of tier and campaigns are reckoned on those, rounded down each.
    """
    parts: list[Part] = []
    if event.occasion is Occasion.PURCHASE:
        parts += _purchase(version, event)
    for rule in version.rules:
        is_meant = rule.occasion is event.occasion or (event.is_first and rule.occasion is Occasion.FIRST_PURCHASE)
        if is_meant and rule.occasion is not Occasion.PURCHASE and holds(rule.first, rule.last, event.day):
            points = _limited(rule.points, rule.cap, rule.left)
            if points:
                parts.append(Part(Source.FIXED, rule.key, points))
    total = sum(part.points for part in parts)
    if version.cap_per_event is not None and total > version.cap_per_event:
        parts.append(Part(Source.CAP, "", version.cap_per_event - total))
    return Quote(sum(part.points for part in parts), tuple(parts))


def holds(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def spent_of(quotes: Iterable[Quote]) -> dict[str, int]:
    """Points that these quotes take from the budget of each rule and campaign."""
    taken: dict[str, int] = {}
    for one in quotes:
        for part in one.parts:
            if part.key:
                taken[part.key] = taken.get(part.key, 0) + part.points
    return taken


def _purchase(version: EarnVersion, event: Event) -> list[Part]:
    rules = [
        rule for rule in version.rules if rule.occasion is Occasion.PURCHASE and holds(rule.first, rule.last, event.day)
    ]
    lines_of: dict[str, list[Line]] = {rule.key: [] for rule in rules}
    for line in event.lines:
        rule = next((one for one in rules if one.scope.has(line, event.channel)), None)
        if rule is not None:
            lines_of[rule.key].append(line)
    parts = []
    for rule in rules:
        lines = lines_of[rule.key]
        amount = sum(line.amount_fen for line in lines)
        base = _limited(amount * rule.points // rule.per_fen if amount > 0 else 0, rule.cap, rule.left)
        if base:
            parts.append(Part(Source.BASE, rule.key, base, amount_fen=amount))
            if rule.uses_tier:
                parts += _extras(version, event, base=base, lines=lines)
    return parts


def _extras(version: EarnVersion, event: Event, *, base: int, lines: Sequence[Line]) -> list[Part]:
    """What tier and campaigns add to the base points of one rule."""
    total = sum(line.amount_fen for line in lines)
    found: list[tuple[Source, str, Decimal, Fraction, int | None]] = []
    factor = version.tier_factors.get(event.tier or "", Decimal(1))
    if factor > 1:
        found.append((Source.TIER, event.tier or "", factor, Fraction(1), None))
    is_out = event.who is not None and is_held_out(CAMPAIGNS, event.who, version.holdout)
    for one in () if is_out else version.multipliers:
        meant = sum(line.amount_fen for line in lines if one.scope.has(line, event.channel))
        if meant > 0 and holds(one.first, one.last, event.day) and (not one.tiers or event.tier in one.tiers):
            limit = min((limit for limit in (one.cap, one.left) if limit is not None), default=None)
            found.append((Source.CAMPAIGN, one.key, one.factor, min(Fraction(1), Fraction(meant, total)), limit))
    parts = []
    so_far = Fraction(1)
    if version.combination is Combination.BEST:
        found = sorted(found, key=lambda one: (one[2] - 1) * one[3].numerator / one[3].denominator)[-1:]
    for source, key, by, share, limit in found:
        grown = base * (so_far if version.combination is Combination.MULTIPLY else 1)
        points = _limited(int(grown * share * Fraction(by - 1)), limit, None)
        so_far *= 1 + share * Fraction(by - 1)
        if points:
            parts.append(Part(source, key, points, factor=by))
    return parts


def _limited(points: int, cap: int | None, left: int | None) -> int:
    return max(0, min([points, *(limit for limit in (cap, left) if limit is not None)]))
