"""Earn rules: which lines, which factors, which limits, and parts that add up to the points."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.membership.programme.rules.earning import (
    Combination,
    EarnRule,
    EarnVersion,
    Event,
    Line,
    Multiplier,
    Occasion,
    Part,
    Scope,
    Source,
    quote,
    spent_of,
)

DAY = date(2026, 8, 29)
BASE = EarnRule("base", Occasion.PURCHASE, 1, per_fen=100)
DOUBLE = Multiplier("double", Decimal(2))
SNACKS = Multiplier("snacks", Decimal(3), Scope(categories=frozenset({"snacks"})))


def buy(*lines: Line, tier: str | None = None, channel: str = "shop", is_first: bool = False) -> Event:
    return Event(Occasion.PURCHASE, DAY, lines or (Line("A", 12999),), channel, tier, is_first)


def test_one_point_for_each_whole_yuan():
    assert quote(EarnVersion((BASE,)), buy()).parts == (Part(Source.BASE, "base", 129, amount_fen=12999),)


def test_amounts_are_added_before_the_one_rounding():
    assert quote(EarnVersion((BASE,)), buy(Line("A", 150), Line("B", 150))).points == 3


def test_a_line_earns_by_the_first_rule_that_is_about_it():
    milk = EarnRule("milk", Occasion.PURCHASE, 3, per_fen=100, scope=Scope(items=frozenset({"milk"})))
    web = EarnRule("web", Occasion.PURCHASE, 2, per_fen=100, scope=Scope(channels=frozenset({"web"})))
    version = EarnVersion((milk, web, BASE))
    lines = (Line("milk", 1000), Line("B", 1000))
    assert [(part.key, part.points) for part in quote(version, buy(*lines)).parts] == [("milk", 30), ("base", 10)]
    assert [(part.key, part.points) for part in quote(version, buy(*lines, channel="web")).parts] == [
        ("milk", 30),
        ("web", 20),
    ]


@pytest.mark.parametrize(
    ("combination", "points"),
    [(Combination.BEST, 200), (Combination.ADD, 250), (Combination.MULTIPLY, 300)],
)
def test_tier_and_campaign_meet_as_stated(combination, points):
    version = EarnVersion((BASE,), {"gold": Decimal("1.5")}, (DOUBLE,), combination)
    assert quote(version, buy(Line("A", 10000), tier="gold")).points == points


def test_a_campaign_multiplies_only_its_lines():
    version = EarnVersion((BASE,), {}, (SNACKS,))
    told = quote(version, buy(Line("A", 7000), Line("B", 3000, frozenset({"snacks", "food"}))))
    assert [(part.source, part.points) for part in told.parts] == [(Source.BASE, 100), (Source.CAMPAIGN, 60)]


def test_dates_caps_and_budgets_limit():
    over = Multiplier("over", Decimal(2), last=date(2026, 8, 28))
    tight = Multiplier("tight", Decimal(2), cap=10, left=7)
    assert quote(EarnVersion((BASE,), {}, (over,)), buy()).points == 129
    assert quote(EarnVersion((BASE,), {}, (tight,)), buy()).points == 136
    assert quote(EarnVersion((BASE,), cap_per_event=100), buy()).parts[-1] == Part(Source.CAP, "", -29)


@pytest.mark.parametrize("occasion", [one for one in Occasion if one is not Occasion.PURCHASE])
def test_other_occasions_give_their_points(occasion):
    version = EarnVersion((BASE, EarnRule("other", occasion, 50)))
    event = buy(is_first=True) if occasion is Occasion.FIRST_PURCHASE else Event(occasion, DAY)
    assert quote(version, event).parts[-1] == Part(Source.FIXED, "other", 50)
    assert quote(version, buy()).points == 129


scopes = st.builds(
    Scope,
    st.frozensets(st.sampled_from("xy"), max_size=1),
    st.frozensets(st.sampled_from("AB"), max_size=1),
    st.just(frozenset()),
)
limits = st.none() | st.integers(0, 300)
versions = st.builds(
    EarnVersion,
    st.lists(
        st.builds(
            EarnRule,
            st.uuids().map(str),
            st.sampled_from(Occasion),
            st.integers(1, 9),
            st.integers(1, 500),
            scopes,
            cap=limits,
            left=limits,
        ),
        max_size=4,
    ).map(tuple),
    st.dictionaries(st.just("gold"), st.decimals(1, 3, places=2)),
    st.lists(
        st.builds(Multiplier, st.uuids().map(str), st.decimals(1, 5, places=2), scopes, cap=limits, left=limits),
        max_size=3,
    ).map(tuple),
    st.sampled_from(Combination),
    limits,
)
events = st.builds(
    Event,
    st.sampled_from(Occasion),
    st.just(DAY),
    st.lists(st.builds(Line, st.sampled_from("ABC"), st.integers(0, 100_000), st.sampled_from("xyz")), max_size=4).map(
        tuple
    ),
    st.just("shop"),
    st.sampled_from([None, "gold"]),
    st.booleans(),
)


@given(versions, events)
def test_parts_add_up_and_no_limit_is_passed(version, event):
    told = quote(version, event)
    assert told.points == sum(part.points for part in told.parts) >= 0
    if version.cap_per_event is not None:
        assert told.points <= version.cap_per_event
    taken = spent_of([told])
    for one in (*version.rules, *version.multipliers):
        if one.left is not None and len(version.rules) == 1:
            assert taken.get(one.key, 0) <= one.left


@given(versions, events)
def test_multiplying_gives_at_least_what_adding_gives_and_adding_what_the_best_gives(version, event):
    from dataclasses import replace

    free = replace(
        version, cap_per_event=None, multipliers=tuple(replace(one, cap=None, left=None) for one in version.multipliers)
    )
    best, added, multiplied = (
        quote(replace(free, combination=how), event).points
        for how in (Combination.BEST, Combination.ADD, Combination.MULTIPLY)
    )
    assert best <= added <= multiplied
