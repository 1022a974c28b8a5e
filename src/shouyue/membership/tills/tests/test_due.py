"""What an order is due: the columns agree with the sentence-by-sentence rules, and returns undo what was given."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shouyue.membership.programme.rules.earning import EarnRule, EarnVersion, Line, Multiplier, Occasion, Part, Scope
from shouyue.membership.tiers.rules.standing import TierRule
from shouyue.membership.tiers.rules.tiers import Step
from shouyue.membership.tiers.rules.windows import WindowKind, WindowRule
from shouyue.membership.tills.rules.due import NOTHING, Sold, all_due, in_money, points_due
from shouyue.membership.tills.rules.tiers import tiers_at

DAY = date(2026, 3, 2)
FACTORS = {"silver": Decimal("1.2"), "gold": Decimal("1.5"), "odd": Decimal("0.9")}
limits = st.none() | st.integers(0, 500)
amounts = st.integers(0, 200_000)


@st.composite
def versions(draw) -> EarnVersion:
    scoped = EarnRule("shoes", Occasion.PURCHASE, 3, 100, Scope(items=frozenset({"A"})))
    food = EarnRule("food", Occasion.PURCHASE, 2, 100, Scope(categories=frozenset({"food"})))
    base = EarnRule("base", Occasion.PURCHASE, draw(st.integers(1, 7)), draw(st.integers(1, 333)), cap=draw(limits))
    first = EarnRule("hello", Occasion.FIRST_PURCHASE, 100)
    campaign = Multiplier("double", Decimal(2), first=DAY + timedelta(days=draw(st.integers(-1, 1))))
    return EarnVersion(
        rules=(*draw(st.sampled_from([(), (scoped,), (food,), (scoped, food)])), first, base),
        tier_factors=FACTORS,
        multipliers=(campaign,) if draw(st.booleans()) else (),
        cap_per_event=draw(limits),
    )


sold = st.builds(
    Sold,
    day=st.sampled_from([DAY, DAY + timedelta(days=1)]),
    channel=st.just("till"),
    lines=st.lists(
        st.builds(
            Line,
            item=st.sampled_from("AB"),
            amount_fen=amounts,
            categories=st.frozensets(st.sampled_from(["food", "snacks", "tools"])),
        ),
        max_size=3,
    ).map(tuple),
    tier=st.sampled_from([None, "silver", "gold", "odd", "unknown"]),
    is_first=st.booleans(),
    paid_fen=amounts,
)


@given(versions(), st.lists(sold, max_size=6))
def test_columns_say_what_the_rules_say(version, orders):
    assert all_due(version, orders) == [points_due(version, order) for order in orders]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.integers(0, 10_000))
def test_what_points_paid_is_shared_to_the_fen(parts, paid):
    lines = [Line("A", part) for part in parts]
    if paid >= sum(parts):
        return
    kept = in_money(lines, paid)
    assert sum(line.amount_fen for line in kept) == sum(parts) - paid
    assert all(0 <= line.amount_fen <= before for line, before in zip(kept, parts, strict=True))


def test_an_order_of_which_nothing_is_left_is_due_nothing_and_a_first_one_its_welcome():
    version = EarnVersion(
        (EarnRule("hello", Occasion.FIRST_PURCHASE, 100), EarnRule("base", Occasion.PURCHASE, 1, 100))
    )
    assert points_due(version, Sold(DAY, "", (Line("A", 0),), is_first=True)) == NOTHING
    assert points_due(version, Sold(DAY, "", (Line("A", 5000),), paid_fen=5000)) == NOTHING
    due = points_due(version, Sold(DAY, "", (Line("A", 5000),), is_first=True, paid_fen=1000))
    assert due.points == 140
    assert due.parts[0] == Part("base", "base", 40, amount_fen=4000)


def test_a_purchase_earns_by_the_tier_with_which_its_day_began():
    rule = TierRule((Step("basic", 0), Step("gold", 100)), WindowRule(WindowKind.CALENDAR, 12, 0))
    days = [DAY, DAY + timedelta(days=1), date(2027, 1, 1)]
    told = tiers_at(rule, [(DAY, 150)], joined_on=DAY, days=days)
    assert told == {days[0]: "basic", days[1]: "gold", days[2]: "gold"}
    assert tiers_at(rule, [(DAY, 150)], joined_on=DAY, days=[date(2028, 1, 1)]) == {date(2028, 1, 1): "basic"}
