"""The tier of a member on any day: reached at once, reviewed at the end of a window, replayed from what happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from shouyue.membership.tiers.rules.tiers import Exact, Landing, Step, ordered, rank, reached, reviewed
from shouyue.membership.tiers.rules.windows import Window, WindowRule


class Measure(StrEnum):
    """What a tier is reached by."""

    SPEND = "spend"
    POINTS = "points"
    VISITS = "visits"


@dataclass(frozen=True, slots=True)
class TierRule:
    """A version of the tiers. notice_days: how long before a review a member is warned that they would fall."""

    steps: tuple[Step, ...]
    window: WindowRule
    landing: Landing = Landing.ONE_DOWN
    measure: Measure = Measure.SPEND
    notice_days: int = 30


@dataclass(frozen=True, slots=True)
class Timeline:
    """Versions of the tiers, each from its first day on, the earliest first; the first counts for all days before.

    A day is judged by the version of that day, so that a new version never changes what has been.
    """

    versions: tuple[tuple[date, TierRule], ...]

    @staticmethod
    def of(rule: TierRule) -> "Timeline":
        return Timeline(((date.min, rule),))

    def at(self, day: date) -> TierRule:
        begun = [rule for first, rule in self.versions if first <= day]
        return begun[-1] if begun else self.versions[0][1]

    def spans(self, until: date) -> list[tuple[date, date, TierRule]]:
        """(first day, last day, rule) of each version up to `until`."""
        firsts = [date.min, *(first for first, _rule in self.versions[1:])]
        lasts = [*(first - timedelta(days=1) for first in firsts[1:]), until]
        found = zip(firsts, lasts, self.versions, strict=True)
        return [(first, min(last, until), rule) for first, last, (_from, rule) in found if first <= until]


@dataclass(frozen=True, slots=True)
class Activity:
    """What a member did on a day. amount: in the rule's measure; a return is negative, on its own day."""

    day: date
    amount: Exact


@dataclass(frozen=True, slots=True)
class Strand:
    """What was done under one number of a person, or under all of them together. activities: a day at most once."""

    joined_on: date
    activities: Sequence[Activity]


@dataclass(frozen=True, slots=True)
class PaidTier:
    """A tier that was bought, good from first to last day."""

    name: str
    first: date
    last: date


class Why(StrEnum):
    JOINED = "joined"
    REACHED = "reached"
    KEPT = "kept"
    FELL = "fell"


@dataclass(frozen=True, slots=True)
class Change:
    """From `on` the member has `tier`. amount: what the decision counted. `kept`: a review changed nothing."""

    on: date
    tier: str | None
    why: Why
    amount: Exact


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a member stands on a day.

    tier: held, the better of earned and paid. amount: counted in the current window. next_tier, missing: the tier
    above and what is still needed for it by `counts_until`. projected: the tier after the next review (on
    `reviewed_on`) if nothing more happens. keep_missing: what is needed to keep the tier. is_warned: the notice is due.
    """

    tier: str | None
    amount: Exact
    next_tier: str | None
    next_minimum: Exact
    missing: Exact
    counts_until: date
    projected: str | None
    keep_missing: Exact
    reviewed_on: date
    is_warned: bool


def history(timeline: Timeline, activities: Sequence[Activity], *, joined_on: date, until: date) -> list[Change]:
    """Every change and review up to `until`. Reviews come before the purchases of their day."""
    before = timeline.at(joined_on)
    start = reached(before.steps, 0)
    tier = start.name if start else None
    changes = [Change(joined_on, tier, Why.JOINED, 0)]
    for first, last, rule in timeline.spans(until):
        if last < joined_on:
            continue
        tier, before = carried(before.steps, rule.steps, tier), rule
        for on, amount, is_review in _turns(rule, activities, joined_on=joined_on, until=last):
            if on < first:
                continue
            after = _judged(rule, tier, amount, is_review=is_review)
            step = rank(rule.steps, after) - rank(rule.steps, tier)
            if is_review or step:
                changes.append(Change(on, after, Why.FELL if step < 0 else Why.REACHED if step else Why.KEPT, amount))
            tier = after
    return changes


def carried(before: Sequence[Step], after: Sequence[Step], tier: str | None) -> str | None:
    """A tier in the next version: the one of its name, else the highest that asks for no more than it did."""
    if tier is None or tier in {step.name for step in after}:
        return tier
    minimum = next(step.minimum for step in before if step.name == tier)
    found = reached(after, minimum)
    return found.name if found else None


def tier_on(
    timeline: Timeline, activities: Sequence[Activity], *, joined_on: date, day: date, paid: Sequence[PaidTier] = ()
) -> str | None:
    """The tier on any past day, from what had happened by its end; a paid tier counts where it is the better."""
    last = history(timeline, activities, joined_on=joined_on, until=day)[-1]
    return best_of(timeline.at(day), carried_to(timeline, last.tier, since=last.on, day=day), paid, day)


def carried_to(timeline: Timeline, tier: str | None, *, since: date, day: date) -> str | None:
    """A tier of one day on a later one: a version may have done away with it before anything else happened."""
    before = timeline.at(since)
    for first, _last, rule in timeline.spans(day):
        if first > since:
            tier, before = carried(before.steps, rule.steps, tier), rule
    return tier


def best_of(rule: TierRule, earned: str | None, paid: Sequence[PaidTier], day: date) -> str | None:
    """The better of the tier that was earned and those that were bought for this day."""
    names = {step.name for step in rule.steps}
    bought = [one.name for one in paid if one.first <= day <= one.last and one.name in names]
    return max([earned, *bought], key=lambda name: rank(rule.steps, name))


def progress(
    timeline: Timeline, activities: Sequence[Activity], *, joined_on: date, day: date, paid: Sequence[PaidTier] = ()
) -> Progress:
    """Where a member stands, what comes next and what the next review would do."""
    rule = timeline.at(day)
    earned = tier_on(timeline, activities, joined_on=joined_on, day=day)
    tier = best_of(rule, earned, paid, day)
    window = rule.window.window_on(day, joined_on=joined_on)
    amount = counted(activities, window, until=day)
    steps = ordered(rule.steps)
    next_step = step_above(rule, tier)
    review = rule.window.next_review(day, joined_on=joined_on)
    closing = counted(activities, review.counted, until=day)
    projected = reviewed(rule.steps, current=earned, amount=closing, landing=rule.landing)
    falls = rank(steps, projected) < rank(steps, earned)
    held = next((step for step in steps if step.name == earned), None)
    return Progress(
        tier=tier,
        amount=amount,
        next_tier=next_step.name if next_step else None,
        next_minimum=next_step.minimum if next_step else 0,
        missing=max(Fraction(0), Fraction(next_step.minimum) - Fraction(amount)) if next_step else 0,
        counts_until=window.last,
        projected=projected,
        keep_missing=max(Fraction(0), Fraction(held.minimum) - Fraction(closing)) if held and falls else 0,
        reviewed_on=review.on,
        is_warned=falls and review.on - timedelta(days=rule.notice_days) <= day,
    )


def step_above(rule: TierRule, tier: str | None) -> Step | None:
    """The next tier; None above the highest."""
    steps = ordered(rule.steps)
    above = rank(steps, tier) + 1
    return steps[above] if above < len(steps) else None


def _judged(rule: TierRule, tier: str | None, amount: Exact, *, is_review: bool) -> str | None:
    """The tier after a review, or after a purchase, which never takes one away."""
    if is_review:
        return reviewed(rule.steps, current=tier, amount=amount, landing=rule.landing)
    found = reached(rule.steps, amount)
    return found.name if found and rank(rule.steps, found.name) > rank(rule.steps, tier) else tier


def counted(activities: Sequence[Activity], window: Window, *, until: date) -> Exact:
    """What a window counts of what happened up to a day; returns lower it, below nothing it does not go."""
    return max(
        Fraction(0),
        sum((Fraction(one.amount) for one in activities if one.day in window and one.day <= until), Fraction(0)),
    )


def _turns(
    rule: TierRule, activities: Sequence[Activity], *, joined_on: date, until: date
) -> Iterator[tuple[date, Exact, bool]]:
    """Days on which the tier may change, with the amount that decides and whether it is a review, in order."""
    reviews = [
        (one.on, 0, counted(activities, one.counted, until=one.counted.last))
        for one in rule.window.reviews(joined_on=joined_on, until=until)
    ]
    days = sorted({one.day for one in activities if joined_on <= one.day <= until and one.amount > 0})
    bought = [(day, 1, counted(activities, rule.window.window_on(day, joined_on=joined_on), until=day)) for day in days]
    for on, is_purchase, amount in sorted([*reviews, *bought], key=lambda turn: turn[:2]):
        yield on, amount, not is_purchase
