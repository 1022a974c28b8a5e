"""Whom other tiers would move: at once, and at the next review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shouyue.membership.tiers.queries.persons import passes_of
from shouyue.membership.tiers.queries.replay import Replayed, held_tiers, replay, timeline
from shouyue.membership.tiers.rules.columns import projected
from shouyue.membership.tiers.rules.standing import TierRule, Timeline, best_of, carried
from shouyue.membership.tiers.rules.terms import tier_rule_of
from shouyue.membership.tiers.rules.tiers import rank


@dataclass(frozen=True, slots=True)
class Step:
    """A tier by the rules that count, and the one by the draft. way: -1 down, 0 the same, 1 up."""

    tier: str | None
    then: str | None
    way: int


@dataclass(frozen=True, slots=True)
class Move:
    """at_once: had the tiers of the draft counted all along. at_review: what the next review does by either rules,
    if nothing more is bought; reviewed_on: its day by the draft."""

    customer_id: UUID
    at_once: Step
    at_review: Step
    reviewed_on: date


def moves_of(customers: Sequence[UUID], content: Mapping[str, Any], *, on: date) -> list[Move]:
    """Where these members stand at the end of a day and where they would, passes included.

    Nothing where the tiers are those that count; a person once, under the number that stands for the others. Fourteen
    statements at most, however many customers.
    """
    told, rule = timeline(), tier_rule_of(content)
    if told is None or rule == told.at(on):
        return []
    before, found = replay(customers, told=told, on=on), replay(customers, told=Timeline.of(rule), on=on)
    now, then = held_tiers(before, told.at(on), on), held_tiers(found, rule, on)
    kept = _reviewed(before, told.at(on), before.tiers, on)
    carried_on = [carried(told.at(on).steps, rule.steps, tier) for tier in before.tiers]
    after = _reviewed(found, rule, carried_on, on)

    def step(tier: str | None, drafted: str | None) -> Step:
        was = rank(rule.steps, carried(told.at(on).steps, rule.steps, tier))
        return Step(tier, drafted, (rank(rule.steps, drafted) > was) - (rank(rule.steps, drafted) < was))

    return [
        Move(who, step(now[who], then[who]), step(kept[who][0], after[who][0]), after[who][1])
        for who in found.members
        if not found.follows(who)
    ]


def _reviewed(
    found: Replayed, rule: TierRule, held: Sequence[str | None], on: date
) -> dict[UUID, tuple[str | None, date]]:
    """The tier of each member after the next review of all their numbers together, and its day; held: by strand."""
    tiers, days = projected(rule, found.activities, joined=found.firsts, held=held, day=on)
    bought = passes_of(found.numbers.values())
    then: dict[UUID, tuple[str | None, date]] = {}
    for who, strands in zip(found.members, found.strands, strict=True):
        reviewed_on = days[strands[0]]
        # A number that is reviewed later by itself has its tier until then.
        each = [tiers[one] if days[one] <= reviewed_on else held[one] for one in strands]
        best = max(each, key=lambda tier: rank(rule.steps, tier))
        then[who] = best_of(rule, best, bought[found.numbers[who][0]], reviewed_on), reviewed_on
    return then
