"""`standing.history` for many members at once: the same decisions in columns, day by day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shouyue.membership.tiers.rules.standing import Change, TierRule, Timeline, Why, carried
from shouyue.membership.tiers.rules.tiers import Landing, ordered, rank, reached
from shouyue.membership.tiers.rules.windows import Review, WindowKind

Ints: TypeAlias = NDArray[np.int64]
_STRIDE = 4_000_000  # more than the ordinal of any day: (member, day) as one number


@dataclass(frozen=True, slots=True)
class Activities:
    """What members did, in columns sorted by member and day. member: place of the member; day: its ordinal."""

    member: Ints
    day: Ints
    amount: Ints

    def of(self, places: Sequence[int]) -> "Activities":
        """Those of some members, who get new places in this order; places: ascending."""
        chosen = np.array(places, np.int64)
        kept = np.isin(self.member, chosen)
        return Activities(np.searchsorted(chosen, self.member[kept]), self.day[kept], self.amount[kept])


@dataclass(slots=True)
class ManyChanges:
    """Changes of many members in the order of days, without reviews that changed nothing. member: its place.

    tiers: what each member has in the end.
    """

    member: list[int] = field(default_factory=list)
    on: list[date] = field(default_factory=list)
    tier: list[str | None] = field(default_factory=list)
    why: list[Why] = field(default_factory=list)
    amount: list[int] = field(default_factory=list)
    tiers: list[str | None] = field(default_factory=list)

    def note(self, member: int, told: Change) -> None:
        self.member.append(member)
        self.on.append(told.on)
        self.tier.append(told.tier)
        self.why.append(told.why)
        self.amount.append(int(told.amount))


@dataclass(frozen=True, slots=True)
class _Turn:
    """One day on which tiers may change, of some members. counted: the amount that decides for each of them."""

    day: date
    members: Ints
    counted: Ints
    is_review: bool


def histories(timeline: Timeline, activities: Activities, *, joined: Ints, until: date) -> ManyChanges:
    """Changes of every member up to `until`. joined: ordinal of each one's first day; amounts are whole."""
    sums, bought = _Sums.of(activities), _days_of_purchase(activities, joined, until.toordinal())
    changes, held = ManyChanges(), np.full(len(joined), -1, np.int64)
    before: TierRule | None = None
    for first, last, rule in timeline.spans(until):
        if before is not None:
            held = _carried(before, rule, held)
        before = rule
        names = [*(step.name for step in ordered(rule.steps)), None]  # the last stands for -1, no tier
        new = np.flatnonzero((joined >= first.toordinal()) & (joined <= last.toordinal()))
        start = reached(rule.steps, 0)
        held[new] = rank(rule.steps, start.name if start else None)
        for place in new.tolist():
            changes.note(place, Change(date.fromordinal(int(joined[place])), names[held[place]], Why.JOINED, 0))
        for turn in _turns(rule, sums, bought, joined=joined, span=(first, last)):
            was, after = held[turn.members], _judged(rule, held[turn.members], turn)
            for index in np.flatnonzero(after != was).tolist():
                why = Why.REACHED if after[index] > was[index] else Why.FELL
                place, amount = int(turn.members[index]), int(turn.counted[index])
                changes.note(place, Change(turn.day, names[after[index]], why, amount))
            held[turn.members] = after
        changes.tiers = [names[place] for place in held.tolist()]
    return changes


def projected(
    rule: TierRule, activities: Activities, *, joined: Ints, held: Sequence[str | None], day: date
) -> tuple[list[str | None], list[date]]:
    """What each member's next review after `day` makes of the tier that is held, if nothing more happens; its day."""
    sums, names = _Sums.of(activities), [*(step.name for step in ordered(rule.steps)), None]
    ranks = np.array([rank(rule.steps, name) for name in held], np.int64)
    by_joined: dict[int, Review] = {}
    by_review: dict[Review, list[int]] = defaultdict(list)
    for place, first in enumerate(joined.tolist()):
        if first not in by_joined:
            by_joined[first] = rule.window.next_review(day, joined_on=date.fromordinal(first))
        by_review[by_joined[first]].append(place)
    then = ranks.copy()
    for review, places in by_review.items():
        members = np.array(places, np.int64)
        amounts = sums.counted(members, review.counted.first.toordinal(), review.counted.last.toordinal())
        then[members] = _judged(rule, ranks[members], _Turn(review.on, members, amounts, is_review=True))
    return [names[place] for place in then.tolist()], [by_joined[first].on for first in joined.tolist()]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Amounts added up along (member, day), so that any window of any member is one subtraction."""

    keys: Ints
    sums: Ints

    @staticmethod
    def of(activities: Activities) -> "_Sums":
        sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(activities.amount)])
        return _Sums(activities.member * _STRIDE + activities.day, sums)

    def counted(self, members: Ints, first: Ints | int, last: int) -> Ints:
        low = np.searchsorted(self.keys, members * _STRIDE + first, "left")
        high = np.searchsorted(self.keys, members * _STRIDE + last, "right")
        return np.asarray(np.maximum(self.sums[high] - self.sums[low], 0), np.int64)


def _turns(
    rule: TierRule, sums: _Sums, bought: Mapping[int, Ints], *, joined: Ints, span: tuple[date, date]
) -> Iterator[_Turn]:
    """Reviews come before the purchases of their day."""
    first, last = (day.toordinal() for day in span)
    reviews = {day: told for day, told in _reviews(rule, joined, span[1]).items() if first <= day}
    for ordinal in sorted({*reviews, *(day for day in bought if first <= day <= last)}):
        day = date.fromordinal(ordinal)
        for members, since in reviews.get(ordinal, ()):
            yield _Turn(day, members, sums.counted(members, since, ordinal - 1), is_review=True)
        if ordinal in bought:
            members = bought[ordinal]
            opened = [
                rule.window.window_on(day, joined_on=date.fromordinal(one)).first.toordinal()
                for one in _distinct(rule, joined[members])
            ]
            since_each = np.array(opened, np.int64)
            yield _Turn(day, members, sums.counted(members, since_each, ordinal), is_review=False)


def _distinct(rule: TierRule, joined: Ints) -> list[int]:
    """First days of members, where the window depends on them; else one for all."""
    distinct: list[int] = (joined if rule.window.kind is WindowKind.ANNIVERSARY else joined[:1]).tolist()
    return distinct


def _reviews(rule: TierRule, joined: Ints, until: date) -> dict[int, list[tuple[Ints, int]]]:
    """For the ordinal of each day of reviews: who is reviewed, and since when their window counts."""
    found: dict[int, list[tuple[Ints, int]]] = defaultdict(list)
    if not len(joined):
        return found
    kind = rule.window.kind
    # Members who joined in the same year, month or day have the same reviews.
    days = [date.fromordinal(day) for day in joined.tolist()]
    groups: dict[date, list[int]] = defaultdict(list)
    for place, day in enumerate(days):
        group = {
            WindowKind.CALENDAR: date(day.year, 1, 1),
            WindowKind.ROLLING: date(day.year, day.month, 1),
            WindowKind.ANNIVERSARY: day,
        }[kind]
        groups[group].append(place)
    for joined_on, places in groups.items():
        members = np.array(places, np.int64)
        for review in rule.window.reviews(joined_on=joined_on, until=until):
            found[review.on.toordinal()].append((members, review.window.first.toordinal()))
    return found


def _judged(rule: TierRule, held: Ints, turn: _Turn) -> Ints:
    minimums = np.array([int(step.minimum) for step in ordered(rule.steps)], np.int64)
    fair = np.searchsorted(minimums, turn.counted, "right") - 1
    if not turn.is_review:
        return np.asarray(np.maximum(held, fair), np.int64)
    if rule.landing is Landing.BALANCE_BASED:
        return np.asarray(fair, np.int64)
    return np.asarray(np.where(fair >= held, fair, held - 1), np.int64)


def _carried(before: TierRule, after: TierRule, held: Ints) -> Ints:
    names = [step.name for step in ordered(before.steps)]
    places = [rank(after.steps, carried(before.steps, after.steps, name)) for name in names]
    return np.array([*places, -1], np.int64)[held]


def _days_of_purchase(activities: Activities, joined: Ints, until: int) -> dict[int, Ints]:
    """Members who bought something, by day."""
    counts = (activities.amount > 0) & (activities.day >= joined[activities.member]) & (activities.day <= until)
    order = np.argsort(activities.day[counts], kind="stable")
    day, member = activities.day[counts][order], activities.member[counts][order]
    starts = np.flatnonzero(np.diff(day, prepend=-1))
    parts: Sequence[Ints] = np.split(member, starts[1:]) if len(day) else []
    return {int(day[start]): np.unique(part) for start, part in zip(starts, parts, strict=True)}
