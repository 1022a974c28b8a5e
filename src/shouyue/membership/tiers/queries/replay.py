"""Tiers of many members, replayed from what they did."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.utils import timezone

from shouyue.membership.ledger.public import Balance
from shouyue.membership.programme.public import ProgrammeVersion, published_versions
from shouyue.membership.tiers.models import TierPass
from shouyue.membership.tiers.queries.activities import activities_of
from shouyue.membership.tiers.rules.columns import Activities, Ints, ManyChanges, histories
from shouyue.membership.tiers.rules.standing import PaidTier, Timeline, best_of, carried
from shouyue.membership.tiers.rules.terms import tier_rule_of, timeline_of
from shouyue.membership.tiers.rules.tiers import rank


@dataclass(frozen=True, slots=True)
class Replayed:
    """Changes of members up to a day. members: in the order of the places that `changes` tells.

    joined: ordinal of each one's first day; activities: all that was read, so that another day can be replayed.
    """

    members: list[UUID]
    joined: Ints
    activities: Activities
    changes: ManyChanges


def timeline() -> Timeline | None:
    """Every published version of the tiers; None before the first."""
    return timeline_from(published_versions())


def timeline_from(versions: Sequence[ProgrammeVersion]) -> Timeline | None:
    return timeline_of((row.starts_on or date.min, row.content) for row in versions) if versions else None


def replay(customers: Iterable[UUID], *, told: Timeline, on: date) -> Replayed:
    """Replay those of these customers who are members, in a fixed number of statements."""
    rows = Balance.objects.filter(customer_id__in=list(customers)).order_by("customer_id")
    enrolled = dict(rows.values_list("customer_id", "enrolled_at"))
    members = list(enrolled)
    days = activities_of(members, told.at(on).measure)
    joined: list[int] = []
    columns: list[tuple[int, int, int]] = []
    for place, who in enumerate(members):
        mine = days.get(who, [])
        joined.append(min([on, timezone.localdate(enrolled[who]), *(day for day, _amount in mine[:1])]).toordinal())
        columns.extend((place, day.toordinal(), amount) for day, amount in mine if day <= on)
    activities = Activities(*np.array(columns, np.int64).reshape(-1, 3).T.copy())
    firsts = np.array(joined, np.int64)
    return Replayed(members, firsts, activities, histories(told, activities, joined=firsts, until=on))


@dataclass(frozen=True, slots=True)
class Risk:
    """The tier that a member will lose at a review, and what would be left, if nothing more is bought."""

    tier: str | None
    projected: str | None
    reviewed_on: date


def risks_of(found: Replayed, *, told: Timeline, on: date) -> dict[UUID, Risk]:
    """Members who are to be warned on a day: their review is near, and they would fall."""
    rule = told.at(on)
    by_review: dict[date, list[int]] = defaultdict(list)
    reviewed_on: dict[int, date] = {}
    for place, first in enumerate(found.joined.tolist()):
        if first not in reviewed_on:
            reviewed_on[first] = rule.window.next_review(on, joined_on=date.fromordinal(first)).on
        if reviewed_on[first] - timedelta(days=rule.notice_days) <= on:
            by_review[reviewed_on[first]].append(place)
    risks: dict[UUID, Risk] = {}
    for day, places in by_review.items():
        later = histories(told, found.activities.of(places), joined=found.joined[places], until=day)
        for place, projected in zip(places, later.tiers, strict=True):
            tier = found.changes.tiers[place]
            if rank(told.at(day).steps, projected) < rank(rule.steps, tier):
                risks[found.members[place]] = Risk(tier, projected, day)
    return risks


def tiers_of(customers: Sequence[UUID], *, on: date) -> dict[UUID, str | None]:
    """The tier of each of these customers who is a member, at the end of a day; a bought one where it is better.

    Replayed: what was bought a moment ago counts. Six statements, however many customers.
    """
    told = timeline()
    if told is None:
        return {}
    found = replay(customers, told=told, on=on)
    bought = passes_of(found.members)
    rule = told.at(on)
    earned = zip(found.members, found.changes.tiers, strict=True)
    return {who: best_of(rule, tier, bought.get(who, ()), on) for who, tier in earned}


@dataclass(frozen=True, slots=True)
class Move:
    """The tier that a member has, and the one they would have. way: -1 down, 0 the same, 1 up."""

    customer_id: UUID
    tier: str | None
    then: str | None
    way: int


def moves_of(customers: Sequence[UUID], content: Mapping[str, Any], *, on: date) -> list[Move]:
    """Where these members would stand at the end of a day if other tiers had counted all along, passes included.

    Nothing where the tiers are those that count. Twelve statements at most, however many customers.
    """
    told, rule = timeline(), tier_rule_of(content)
    if told is None or rule == told.at(on):
        return []
    now = tiers_of(customers, on=on)
    found = replay(customers, told=Timeline.of(rule), on=on)
    bought = passes_of(found.members)
    before = told.at(on).steps
    moves = []
    for who, earned in zip(found.members, found.changes.tiers, strict=True):
        tier, then = now[who], best_of(rule, earned, bought.get(who, ()), on)
        kept = rank(rule.steps, carried(before, rule.steps, tier))
        moves.append(Move(who, tier, then, (rank(rule.steps, then) > kept) - (rank(rule.steps, then) < kept)))
    return moves


def passes_of(customers: Sequence[UUID]) -> dict[UUID, list[PaidTier]]:
    """Tiers that these members bought, on the days on which they count."""
    found: dict[UUID, list[PaidTier]] = defaultdict(list)
    for row in TierPass.objects.filter(customer_id__in=customers).order_by("first", "id"):
        if row.first <= row.good_until:
            found[row.customer_id].append(PaidTier(row.tier, row.first, row.good_until))
    return found
