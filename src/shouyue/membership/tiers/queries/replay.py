"""Tiers of many members, replayed from what they did."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias
from uuid import UUID

import numpy as np

from shouyue.membership.programme.public import ProgrammeVersion, published_versions
from shouyue.membership.tiers.queries.activities import activities_of
from shouyue.membership.tiers.queries.persons import first_day, member_numbers, passes_of, strand
from shouyue.membership.tiers.rules.columns import Activities, Ints, ManyChanges, histories
from shouyue.membership.tiers.rules.persons import by_person, person_progress, strands_of
from shouyue.membership.tiers.rules.standing import Strand, TierRule, Timeline, best_of
from shouyue.membership.tiers.rules.terms import timeline_of
from shouyue.membership.tiers.rules.tiers import rank

_Done: TypeAlias = tuple[date, Sequence[tuple[date, int]]]


@dataclass(frozen=True, slots=True)
class Replayed:
    """Changes of members up to a day. members: numbers, in the order of the places that `changes` tells.

    joined: ordinal of each one's first day. activities: all that was read, so that another day can be replayed;
    strands: by member, the places there; firsts, tiers: of each strand. persons: of who has several numbers, what
    decides their tier. numbers: of each member's person, first the one that stands for it.
    """

    members: list[UUID]
    joined: Ints
    activities: Activities
    strands: list[list[int]]
    firsts: Ints
    tiers: list[str | None]
    changes: ManyChanges
    persons: dict[UUID, list[Strand]]
    numbers: dict[UUID, list[UUID]]

    def follows(self, who: UUID) -> bool:
        """Whether another number of the person stands for this one."""
        return self.numbers[who][0] != who


def timeline() -> Timeline | None:
    """Every published version of the tiers; None before the first."""
    return timeline_from(published_versions())


def timeline_from(versions: Sequence[ProgrammeVersion]) -> Timeline | None:
    return timeline_of((row.starts_on or date.min, row.content) for row in versions) if versions else None


def replay(customers: Iterable[UUID], *, told: Timeline, on: date) -> Replayed:
    """Replay those of these customers who are members under any number, in a fixed number of statements."""
    numbers, enrolled = member_numbers(list(customers))
    measure = told.at(on).measure
    days = activities_of(list(enrolled), measure)
    members = sorted(numbers)
    persons: dict[UUID, list[Strand]] = {}
    joined: list[int] = []
    columns: list[tuple[int, int, int]] = []
    strands: list[list[int]] = []
    for who in members:
        mine: list[_Done] = [(enrolled[one], days.get(one, ())) for one in numbers[who]]
        if len(mine) > 1:
            persons[who] = strands_of([strand(*one, on) for one in mine], measure)
            mine = [(one.joined_on, [(done.day, int(done.amount)) for done in one.activities]) for one in persons[who]]
        strands.append(list(range(len(joined), len(joined) + len(mine))))
        for first, done in mine:
            columns.extend((len(joined), day.toordinal(), amount) for day, amount in done if day <= on)
            joined.append(first_day(first, done, on).toordinal())
    activities = Activities(*np.array(columns, np.int64).reshape(-1, 3).T.copy())
    firsts = np.array(joined, np.int64)
    found = histories(told, activities, joined=firsts, until=on)
    return Replayed(
        members=members,
        joined=firsts[[places[0] for places in strands]] if strands else firsts,
        activities=activities,
        strands=strands,
        firsts=firsts,
        tiers=found.tiers,
        changes=by_person(told, found, strands, until=on),
        persons=persons,
        numbers=numbers,
    )


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
        if len(found.strands[place]) == 1 and reviewed_on[first] - timedelta(days=rule.notice_days) <= on:
            by_review[reviewed_on[first]].append(place)
    risks = _risks_of_persons(found, told, on)
    for day, places in by_review.items():
        wanted = [found.strands[place][0] for place in places]
        later = histories(told, found.activities.of(wanted), joined=found.joined[places], until=day)
        for place, projected in zip(places, later.tiers, strict=True):
            tier = found.changes.tiers[place]
            if rank(told.at(day).steps, projected) < rank(rule.steps, tier):
                risks[found.members[place]] = Risk(tier, projected, day)
    return risks


def _risks_of_persons(found: Replayed, told: Timeline, on: date) -> dict[UUID, Risk]:
    """Of who has several numbers: a person is warned once, under the number that stands for the others."""
    risks = {}
    for who, strands in found.persons.items():
        then = person_progress(told, strands, day=on)
        if then.is_warned and not found.follows(who):
            risks[who] = Risk(then.tier, then.projected, then.reviewed_on)
    return risks


def tiers_of(customers: Sequence[UUID], *, on: date) -> dict[UUID, str | None]:
    """The tier of each of these customers who is a member, at the end of a day; a bought one where it is better.

    Any number of a person has the person's. Replayed: what was bought a moment ago counts. Seven statements, however
    many customers.
    """
    told = timeline()
    return {} if told is None else held_tiers(replay(customers, told=told, on=on), told.at(on), on)


def held_tiers(found: Replayed, rule: TierRule, on: date) -> dict[UUID, str | None]:
    """The earned tier of each member, or the bought one where it is better."""
    bought = passes_of(found.numbers.values())
    earned = zip(found.members, found.changes.tiers, strict=True)
    return {who: best_of(rule, tier, bought[found.numbers[who][0]], on) for who, tier in earned}
