"""The tier that a purchase earns by: what the member had when the day began."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shouyue.membership.tiers.rules.standing import (
    Activity,
    Measure,
    PaidTier,
    Strand,
    TierRule,
    Timeline,
    Why,
    best_of,
    history,
)
from shouyue.membership.tiers.rules.terms import tier_rule_of
from shouyue.membership.tiers.rules.tiers import Exact, rank, reached

__all__ = ["Floor", "Measure", "TierRule", "floor_of", "person_tiers_at", "tier_rule_of", "tiers_at"]


@dataclass(frozen=True, slots=True)
class Floor:
    """The tier of whoever has done nothing, and the spend below which nobody leaves it; None: it does not tell."""

    tier: str | None
    below: Exact | None


def floor_of(rule: TierRule) -> Floor:
    lowest = reached(rule.steps, 0)
    above = [step.minimum for step in rule.steps if lowest is None or step.minimum > lowest.minimum]
    is_told = rule.measure is Measure.SPEND and above
    return Floor(lowest.name if lowest else None, min(above) if is_told else None)


def tiers_at(
    rule: TierRule,
    spent: Sequence[tuple[date, int]],
    *,
    joined_on: date,
    days: Sequence[date],
    floor: Floor | None = None,
    paid: Sequence[PaidTier] = (),
) -> dict[date, str | None]:
    """The tier of one member as each day begins; a review of that day counts, its purchases do not yet.

    spent: (day, amount) of all the member's days. floor: of the rule, for whoever asks for many members. paid: what the
    member bought; the better tier counts.
    """
    earned = _earned_at(rule, spent, joined_on=joined_on, days=days, floor=floor or floor_of(rule))
    return {day: best_of(rule, tier, paid, day) for day, tier in earned.items()} if paid else earned


def person_tiers_at(
    rule: TierRule,
    strands: Sequence[Strand],
    *,
    days: Sequence[date],
    floor: Floor | None = None,
    paid: Sequence[PaidTier] = (),
) -> dict[date, str | None]:
    """`tiers_at` of a person: the best of all numbers together, each alone, and what was bought under any."""
    told = [
        tiers_at(
            rule,
            [(one.day, int(one.amount)) for one in strand.activities],
            joined_on=strand.joined_on,
            days=days,
            floor=floor,
            paid=paid,
        )
        for strand in strands
    ]
    return {day: max((one[day] for one in told), key=lambda tier: rank(rule.steps, tier)) for day in days}


def _earned_at(
    rule: TierRule, spent: Sequence[tuple[date, int]], *, joined_on: date, days: Sequence[date], floor: Floor
) -> dict[date, str | None]:
    if floor.below is not None and sum(max(0, amount) for _day, amount in spent) < floor.below:
        # Most members: what never reached a second tier need not be replayed.
        return dict.fromkeys(days, floor.tier)
    until = max(days)
    first = min([joined_on, *(day for day, _amount in spent if day <= until), *days])
    changes = history(Timeline.of(rule), [Activity(*one) for one in spent], joined_on=first, until=until)
    found: dict[date, str | None] = {}
    for day in days:
        begun = [one for one in changes if one.on < day or (one.on == day and one.why is not Why.REACHED)]
        found[day] = begun[-1].tier if begun else None
    return found
