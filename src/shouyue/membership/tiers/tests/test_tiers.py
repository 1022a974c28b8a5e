"""Tiers: thresholds, reviews, windows, grace, soft landing, notices, and any past day reckoned again."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.membership.tiers.rules.columns import Activities, histories, projected
from shouyue.membership.tiers.rules.standing import (
    Activity,
    Change,
    PaidTier,
    TierRule,
    Timeline,
    Why,
    history,
    progress,
    tier_on,
)
from shouyue.membership.tiers.rules.tiers import (
    Landing,
    Step,
    UnknownTierError,
    rank,
    reached,
    reviewed,
    step_points,
)
from shouyue.membership.tiers.rules.windows import Window, WindowError, WindowKind, WindowRule, plus_months

STEPS = (Step("basic", 0, 100), Step("gold", 5000, 80), Step("black", 20000, 50))
CALENDAR = TierRule(STEPS, WindowRule(WindowKind.CALENDAR))
JOINED = date(2024, 3, 10)

days = st.dates(JOINED, date(2027, 12, 31))
activities = st.lists(st.builds(Activity, days, st.integers(-3000, 12000)), max_size=25)
rules = st.builds(
    TierRule,
    st.just(STEPS),
    st.builds(WindowRule, st.sampled_from(WindowKind), st.integers(1, 24), st.integers(0, 27)),
    st.sampled_from(Landing),
)


@pytest.mark.parametrize(
    ("amount", "name"),
    [(0, "basic"), (Decimal("4999.99"), "basic"), (5000, "gold"), (19999, "gold"), (20000, "black"), (10**9, "black")],
)
def test_a_minimum_is_reached_by_itself(amount, name):
    assert reached(STEPS, amount).name == name


def test_below_every_minimum_there_is_no_tier_and_nothing_is_earned():
    assert reached(STEPS[1:], 4999) is None
    assert step_points(None, 4999) == 0


@given(st.permutations(STEPS), st.integers(0, 30000))
def test_the_order_of_the_tiers_does_not_matter(steps, amount):
    assert reached(steps, amount) == reached(STEPS, amount)


@given(st.integers(0, 10**7))
def test_points_come_from_the_tier_reached_and_are_rounded_down(amount):
    step = reached(STEPS, amount)
    points = step_points(step, amount)
    assert points * step.per <= amount < (points + 1) * step.per


@given(st.sampled_from(STEPS), st.integers(0, 30000), st.sampled_from(Landing))
def test_a_review_never_takes_more_than_it_may(step, amount, landing):
    after = reviewed(STEPS, current=step.name, amount=amount, landing=landing)
    fair = rank(STEPS, reached(STEPS, amount).name)
    now = rank(STEPS, step.name)
    if landing is Landing.BALANCE_BASED or fair >= now:
        assert rank(STEPS, after) == fair
    else:
        assert rank(STEPS, after) == now - 1


def test_an_unknown_tier_is_named():
    with pytest.raises(UnknownTierError, match="platinum"):
        reviewed(STEPS, current="platinum", amount=1, landing=Landing.ONE_DOWN)


def test_windows():
    assert WindowRule(WindowKind.CALENDAR).window_on(date(2025, 5, 5), joined_on=JOINED) == Window(
        date(2025, 1, 1), date(2025, 12, 31)
    )
    assert WindowRule(WindowKind.ANNIVERSARY).window_on(date(2025, 3, 9), joined_on=JOINED) == Window(
        date(2024, 3, 10), date(2025, 3, 9)
    )
    assert WindowRule(WindowKind.ROLLING, months=6).window_on(date(2025, 8, 31), joined_on=JOINED) == Window(
        date(2025, 3, 1), date(2025, 8, 31)
    )


@given(st.sampled_from([WindowKind.CALENDAR, WindowKind.ANNIVERSARY]), st.dates(date(2020, 1, 1), date(2024, 2, 29)))
def test_closed_windows_follow_one_another_without_gap(kind, joined_on):
    windows = [one.window for one in WindowRule(kind).reviews(joined_on=joined_on, until=date(2030, 1, 1))]
    assert joined_on in windows[0]
    assert all(two.first == one.last + timedelta(days=1) for one, two in pairwise(windows))


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(-200, 200))
def test_months_keep_the_day_where_the_month_has_it(day, months):
    later = plus_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(("months", "grace"), [(0, 0), (61, 0), (12, 28), (12, -1)])
def test_settings_that_make_no_window_are_refused(months, grace):
    with pytest.raises(WindowError):
        WindowRule(WindowKind.ROLLING, months, grace)


def test_gold_is_reached_at_once_kept_through_the_next_year_and_lands_softly():
    bought = [Activity(date(2024, 6, 1), 20000)]
    assert history(Timeline.of(CALENDAR), bought, joined_on=JOINED, until=date(2027, 1, 1)) == [
        Change(JOINED, "basic", Why.JOINED, 0),
        Change(date(2024, 6, 1), "black", Why.REACHED, 20000),
        Change(date(2025, 1, 1), "black", Why.KEPT, 20000),
        Change(date(2026, 1, 1), "gold", Why.FELL, 0),
        Change(date(2027, 1, 1), "basic", Why.FELL, 0),
    ]


def test_a_purchase_in_the_days_of_grace_keeps_the_tier():
    rule = TierRule(STEPS, WindowRule(WindowKind.CALENDAR, grace_days=30))
    bought = [Activity(date(2024, 6, 1), 6000), Activity(date(2025, 7, 1), 4000)]
    late = [*bought, Activity(date(2026, 1, 30), 1000)]
    too_late = [*bought, Activity(date(2026, 1, 31), 1000)]
    day = date(2026, 2, 28)
    assert [tier_on(Timeline.of(rule), some, joined_on=JOINED, day=day) for some in (bought, late, too_late)] == [
        "basic",
        "gold",
        "basic",
    ]


def test_progress_tells_what_is_missing_what_would_happen_and_warns_in_time():
    bought = [Activity(date(2024, 6, 1), 6000), Activity(date(2025, 2, 1), 1500)]
    early = progress(Timeline.of(CALENDAR), bought, joined_on=JOINED, day=date(2025, 11, 1))
    assert (early.tier, early.next_tier, early.missing, early.counts_until) == (
        "gold",
        "black",
        18500,
        date(2025, 12, 31),
    )
    assert (early.projected, early.keep_missing, early.reviewed_on) == ("basic", 3500, date(2026, 1, 1))
    assert not early.is_warned
    assert progress(Timeline.of(CALENDAR), bought, joined_on=JOINED, day=date(2025, 12, 2)).is_warned


def test_a_paid_tier_counts_on_its_days_and_only_where_it_is_better():
    paid = [PaidTier("gold", date(2025, 1, 1), date(2025, 1, 31))]
    on = [
        tier_on(Timeline.of(CALENDAR), [], joined_on=JOINED, day=day, paid=paid)
        for day in (date(2025, 1, 31), date(2025, 2, 1))
    ]
    assert on == ["gold", "basic"]
    rich = [Activity(date(2025, 1, 2), 20000)]
    assert tier_on(Timeline.of(CALENDAR), rich, joined_on=JOINED, day=date(2025, 1, 3), paid=paid) == "black"


@given(rules, activities, days, st.integers(0, 400))
def test_what_comes_later_does_not_change_a_past_day(rule, some, day, later):
    whole = history(Timeline.of(rule), some, joined_on=JOINED, until=day + timedelta(days=later))
    known = [one for one in some if one.day <= day]
    then = [change for change in whole if change.on <= day][-1].tier
    assert tier_on(Timeline.of(rule), known, joined_on=JOINED, day=day) == then


@given(rules, activities, days)
def test_the_projection_is_what_the_review_does_if_nothing_more_happens(rule, some, day):
    known = [one for one in some if one.day <= day]
    told = progress(Timeline.of(rule), known, joined_on=JOINED, day=day)
    changes = history(Timeline.of(rule), known, joined_on=JOINED, until=told.reviewed_on)
    assert [change.tier for change in changes if change.on == told.reviewed_on][-1] == told.projected


@given(rules, st.lists(st.tuples(st.dates(JOINED, date(2025, 6, 30)), activities), min_size=1, max_size=4), days)
def test_the_projection_in_columns_is_the_one_by_one(rule, members, day):
    known = [(min(joined, day), [one for one in some if one.day <= day]) for joined, some in members]
    rows = sorted((place, one.day.toordinal(), one.amount) for place, (_j, some) in enumerate(known) for one in some)
    held = [tier_on(Timeline.of(rule), some, joined_on=joined, day=day) for joined, some in known]
    firsts = np.array([joined.toordinal() for joined, _some in known], np.int64)
    columns = Activities(*np.array(rows, np.int64).reshape(-1, 3).T)
    tiers, on = projected(rule, columns, joined=firsts, held=held, day=day)
    told = [progress(Timeline.of(rule), some, joined_on=joined, day=day) for joined, some in known]
    assert list(zip(tiers, on, strict=True)) == [(one.projected, one.reviewed_on) for one in told]


@given(rules, activities, days)
def test_buying_what_is_missing_reaches_the_next_tier(rule, some, day):
    known = [one for one in some if one.day <= day]
    told = progress(Timeline.of(rule), known, joined_on=JOINED, day=day)
    # A return before the purchase can leave the count below nothing, which is shown as nothing.
    if told.next_tier and told.amount > 0:
        bought = [*known, Activity(day, told.missing)]
        assert (
            rank(STEPS, tier_on(Timeline.of(rule), bought, joined_on=JOINED, day=day)) >= rank(STEPS, told.next_tier)
            or not told.missing
        )


timelines = st.builds(
    lambda some, firsts: Timeline(tuple(zip([date.min, *sorted(firsts)], some, strict=True))),
    st.tuples(rules, rules, rules),
    st.lists(st.dates(date(2025, 1, 1), date(2026, 12, 31)), min_size=2, max_size=2, unique=True),
)
OTHER_STEPS = (Step("basic", 0), Step("silver", 3000), Step("black", 9000))


def test_a_new_version_counts_from_its_day_and_changes_nothing_before():
    strict = TierRule((Step("basic", 0), Step("gold", 9000)), WindowRule(WindowKind.CALENDAR))
    both = Timeline(((date.min, CALENDAR), (date(2025, 1, 1), strict)))
    bought = [Activity(date(2024, 6, 1), 20000), Activity(date(2025, 2, 1), 8999), Activity(date(2025, 3, 1), 1)]
    assert history(both, bought, joined_on=JOINED, until=date(2026, 1, 1)) == [
        Change(JOINED, "basic", Why.JOINED, 0),
        Change(date(2024, 6, 1), "black", Why.REACHED, 20000),
        # "black" is gone: the highest tier that asks for no more than it did stands for it.
        Change(date(2025, 1, 1), "gold", Why.KEPT, 20000),
        Change(date(2026, 1, 1), "gold", Why.KEPT, 9000),
    ]


def test_a_tier_that_a_version_does_away_with_is_carried_though_nothing_else_happens():
    short = replace(CALENDAR, steps=OTHER_STEPS)
    told = Timeline(((date.min, CALENDAR), (date(2025, 1, 1), short), (date(2025, 1, 2), CALENDAR)))
    bought = [Activity(date(2024, 6, 1), 3000)]
    on = [tier_on(told, bought, joined_on=JOINED, day=date(2025, 1, day)) for day in (1, 2)]
    assert on == ["silver", "basic"]


@given(
    timelines,
    st.lists(st.tuples(st.dates(JOINED, date(2025, 6, 30)), activities), min_size=1, max_size=4),
    days,
    st.booleans(),
)
def test_columns_decide_as_one_by_one(timeline, members, day, has_other_steps):
    if has_other_steps:
        first, (second_day, second), *rest = timeline.versions
        timeline = Timeline((first, (second_day, replace(second, steps=OTHER_STEPS)), *rest))
    members = [(min(joined, day), some) for joined, some in members]
    rows = sorted((place, one.day.toordinal(), one.amount) for place, (_j, some) in enumerate(members) for one in some)
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    joined = np.array([joined.toordinal() for joined, _some in members], np.int64)
    found = histories(timeline, Activities(*columns), joined=joined, until=day)
    told = defaultdict(list)
    for place, *change in zip(found.member, found.on, found.tier, found.why, found.amount, strict=True):
        told[place].append(Change(*change))
    for place, (joined_on, some) in enumerate(members):
        one_by_one = history(timeline, some, joined_on=joined_on, until=day)
        assert told[place] == [change for change in one_by_one if change.why is not Why.KEPT]
        assert found.tiers[place] == tier_on(timeline, some, joined_on=joined_on, day=day)
