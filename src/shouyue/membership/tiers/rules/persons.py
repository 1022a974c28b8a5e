"""The tier of a person known under several numbers: by what all of them did together, never below what one has alone.

A merge moves nothing, so a person's tier is replayed from the strands of their numbers: all together, then each alone
by its own windows and reviews. The best of them counts; so a merge takes no tier away, and an un-merge gives each back.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from shouyue.membership.tiers.rules.columns import ManyChanges
from shouyue.membership.tiers.rules.standing import (
    Activity,
    Change,
    Measure,
    PaidTier,
    Progress,
    Strand,
    Timeline,
    Why,
    carried_to,
    counted,
    history,
    progress,
    step_above,
    tier_on,
)
from shouyue.membership.tiers.rules.tiers import rank


def strands_of(numbers: Sequence[Strand], measure: Measure) -> list[Strand]:
    """What decides a person's tier: all numbers together, then each alone; of a single number only itself.

    A day on which two numbers bought is one visit.
    """
    if len(numbers) == 1:
        return list(numbers)
    days: dict[date, Fraction] = defaultdict(Fraction)
    for one in numbers:
        for done in one.activities:
            amount = Fraction(done.amount)
            days[done.day] = max(days[done.day], amount) if measure is Measure.VISITS else days[done.day] + amount
    together = [Activity(day, int(amount) if amount.denominator == 1 else amount) for day, amount in days.items()]
    together.sort(key=lambda done: done.day)
    return [Strand(min(one.joined_on for one in numbers), together), *numbers]


def person_history(timeline: Timeline, strands: Sequence[Strand], *, until: date) -> list[Change]:
    """`history` of a person."""
    told = [history(timeline, one.activities, joined_on=one.joined_on, until=until) for one in _begun(strands, until)]
    return best_history(timeline, told)


def person_tier_on(
    timeline: Timeline, strands: Sequence[Strand], *, day: date, paid: Sequence[PaidTier] = ()
) -> str | None:
    """`tier_on` of a person. paid: under any number."""
    rule = timeline.at(day)
    earned = [
        tier_on(timeline, one.activities, joined_on=one.joined_on, day=day, paid=paid) for one in _begun(strands, day)
    ]
    return max(earned, key=lambda tier: rank(rule.steps, tier))


def person_progress(
    timeline: Timeline, strands: Sequence[Strand], *, day: date, paid: Sequence[PaidTier] = ()
) -> Progress:
    """`progress` of a person: what all numbers counted together. reviewed_on: where one of several reviews would take
    the tier away, the first that does."""
    whole, *alone = _begun(strands, day)
    together = progress(timeline, whole.activities, joined_on=whole.joined_on, day=day, paid=paid)
    if not alone:
        return together
    rule = timeline.at(day)
    earned, tier = (person_tier_on(timeline, strands, day=day, paid=some) for some in ((), paid))
    # As `progress`: by the versions of the day, and as if nothing more happened.
    known = Timeline(tuple(one for one in timeline.versions if one[0] <= day) or timeline.versions[:1])
    ended = [
        Strand(one.joined_on, [done for done in one.activities if done.day <= day]) for one in _begun(strands, day)
    ]
    reviews = [rule.window.next_review(day, joined_on=one.joined_on) for one in ended]
    projected = {one.on: person_tier_on(known, ended, day=one.on) for one in reviews}
    held = rank(rule.steps, earned)
    falls = [on for on, then in sorted(projected.items()) if rank(rule.steps, then) < held]
    reviewed_on = falls[0] if falls else reviews[0].on
    closing = Fraction(counted(whole.activities, reviews[0].counted, until=day))
    minimum = next((Fraction(step.minimum) for step in rule.steps if step.name == earned), Fraction(0))
    above = step_above(rule, tier)
    return replace(
        together,
        tier=tier,
        next_tier=above.name if above else None,
        next_minimum=above.minimum if above else 0,
        missing=max(Fraction(0), Fraction(above.minimum) - Fraction(together.amount)) if above else 0,
        projected=projected[reviewed_on],
        keep_missing=max(Fraction(0), minimum - closing) if falls else 0,
        reviewed_on=reviewed_on,
        is_warned=bool(falls) and reviewed_on - timedelta(days=rule.notice_days) <= day,
    )


def best_history(timeline: Timeline, told: Sequence[Sequence[Change]]) -> list[Change]:
    """Changes of the best of several strands, by the end of each day. told: the changes of each, all together first."""
    if len(told) == 1:
        return list(told[0])
    start, *_rest = told[0]
    by_day: dict[date, list[tuple[int, Change]]] = defaultdict(list)
    for strand, changes in enumerate(told):
        for change in changes:
            by_day[change.on].append((strand, change))
    found, held = [start], {0: start}
    for day, happened in sorted(by_day.items(), key=lambda one: one[0]):
        before = _best(timeline, held.values(), day)
        held.update(happened)
        after = _best(timeline, held.values(), day)
        steps = timeline.at(day).steps
        way = rank(steps, after) - rank(steps, before)
        if way:
            deciding = [one for _strand, one in happened if one.why is not Why.KEPT]
            amount = next((one for one in deciding if one.tier == after), deciding[0]).amount
            found.append(Change(day, after, Why.FELL if way < 0 else Why.REACHED, amount))
        elif reviewed := [one for strand, one in happened if not strand and one.why in (Why.KEPT, Why.FELL)]:
            found.append(Change(day, after, Why.KEPT, reviewed[0].amount))
    return found


def by_person(timeline: Timeline, found: ManyChanges, groups: Sequence[Sequence[int]], *, until: date) -> ManyChanges:
    """Changes of persons from those of their strands (`columns.histories`). groups: by person, the strands' places."""
    owner = {strand: (place, nth) for place, strands in enumerate(groups) for nth, strand in enumerate(strands)}
    told: dict[int, list[list[Change]]] = {
        place: [[] for _strand in strands] for place, strands in enumerate(groups) if len(strands) > 1
    }
    kept = ManyChanges()
    for strand, on, tier, why, amount in zip(found.member, found.on, found.tier, found.why, found.amount, strict=True):
        (place, nth), change = owner[strand], Change(on, tier, why, amount)
        if place in told:
            told[place][nth].append(change)
        else:
            kept.note(place, change)
    for place, histories in told.items():
        for change in best_history(timeline, histories):
            if change.why is not Why.KEPT:
                kept.note(place, change)
    steps = timeline.at(until).steps
    kept.tiers = [max((found.tiers[one] for one in strands), key=lambda tier: rank(steps, tier)) for strands in groups]
    return kept


def _best(timeline: Timeline, held: Iterable[Change], day: date) -> str | None:
    steps = timeline.at(day).steps
    tiers = (carried_to(timeline, one.tier, since=one.on, day=day) for one in held)
    return max(tiers, key=lambda tier: rank(steps, tier))


def _begun(strands: Sequence[Strand], day: date) -> list[Strand]:
    return [one for one in strands if one.joined_on <= day] or list(strands[:1])
