"""Who comes back, reckoned here and by other means."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from shouyue.membership.effect.actions import measure_effect
from shouyue.membership.effect.queries import latest_effect
from shouyue.membership.effect.rules.comebacks import Customer, bringing, held_out, returning
from shouyue.membership.effect.rules.comparison import Comparison, Group
from shouyue.membership.effect.sentences import _HELD, _MATCHED, _REWARDED, effect_rows
from shouyue.membership.programme.rules.holdout import CAMPAIGNS, is_held_out
from shouyue.membership.tiers.tests.ground import bought, customer, member, noon, published

SPLIT = date(2026, 5, 31)
BEFORE, AFTER = SPLIT - timedelta(days=10), SPLIT + timedelta(days=10)


def person(number: int, joined_on: date | None, *days: tuple[date, int]) -> Customer:
    return Customer(UUID(int=number), joined_on, days)


def test_only_people_alike_are_compared_and_who_joined_in_between_is_neither():
    long_ago, since = date(2024, 1, 1), SPLIT + timedelta(days=30)
    people = [
        person(1, long_ago, (BEFORE, 20_000), (AFTER, 100)),
        person(2, None, (BEFORE, 22_000)),  # about as much as the first
        person(3, long_ago, (BEFORE, 900_000), (AFTER, 100)),  # nobody spends as much
        person(4, since, (BEFORE, 20_000), (AFTER, 100)),
        person(5, None, (long_ago, 10_000), (BEFORE, 21_000), (AFTER, 1)),  # an older customer
        person(6, long_ago, (AFTER, 5_000)),  # had not bought before
        person(7, None, (BEFORE, -500)),  # a return is no purchase
    ]
    assert returning(people, split=SPLIT) == Comparison(Group(1, 1), Group(0, 1), left_out=1)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 4), st.sampled_from([5_000, 50_000]), st.booleans()), max_size=60)
)
def test_both_groups_are_as_large_and_have_the_same_people_in_each_kind(told):
    people = [
        person(
            number,
            date(2024, 1, 1) if is_member else None,
            *((SPLIT - timedelta(days=visit), amount) for visit in range(visits, 0, -1)),
            *([(AFTER, 1)] if comes else []),
        )
        for number, (is_member, visits, amount, comes) in enumerate(told)
    ]
    found = returning(people, split=SPLIT)
    expected = 0
    for kind in {(visits, (visits * amount // 10_000).bit_length()) for _is, visits, amount, _comes in told}:
        sides = [0, 0]
        for is_member, visits, amount, _comes in told:
            sides[is_member] += (visits, (visits * amount // 10_000).bit_length()) == kind
        expected += min(sides)
    assert found.ours.asked == found.theirs.asked == expected
    assert found.left_out == sum(is_member for is_member, *_rest in told) - expected


def test_who_is_held_out_is_compared_as_it_stands_with_the_interval_of_the_library():
    people = [
        person(number, date(2025, 1, 1), *([(AFTER, 1)] if number % (3 if number % 2 else 2) == 0 else []))
        for number in range(2000)
    ]
    found = held_out(people, first=SPLIT, last=AFTER, share=0.3)
    held = {number for number in range(2000) if is_held_out(CAMPAIGNS, UUID(int=number), 0.3)}
    came = {number for number in range(2000) if people[number].bought}
    assert (found.theirs.kept, found.theirs.asked) == (len(held & came), len(held))
    assert (found.ours.kept, found.ours.asked) == (len(came - held), 2000 - len(held))
    low, high = confint_proportions_2indep(
        found.ours.kept, found.ours.asked, found.theirs.kept, found.theirs.asked, method="newcomb", compare="diff"
    )
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high), abs=1e-12)


def test_friends_are_counted_by_who_brought_them():
    members = [UUID(int=number) for number in range(100)]
    found = bringing(members, {members[0]: 3, members[1]: 1, UUID(int=999): 1}, share=0.0)
    assert found == Comparison(Group(2, 100), Group(0, 0))


@pytest.mark.django_db
def test_a_reading_tells_what_was_counted_and_until_when():
    published()
    for number in range(3):
        who = member(f"M{number}")
        bought(who, BEFORE, 200)
        bought(who, AFTER, 50 + number)
        other = customer(f"O{number}")
        bought(other, BEFORE, 200)
    bought(customer("last"), SPLIT + timedelta(days=90), 1)
    assert latest_effect() is None
    measure_effect(at=noon(SPLIT + timedelta(days=100)), by="test")
    found = latest_effect()
    assert (found.until, found.split) == (SPLIT + timedelta(days=90), SPLIT)
    assert found.returning == Comparison(Group(3, 3), Group(0, 3))
    assert (found.brought, found.campaigns) == (Group(0, 0), [])
    held = found.held
    assert (held.ours.kept + held.theirs.kept, held.ours.asked + held.theirs.asked) == (3, 3)
    with override("en"):
        rows = effect_rows(found)
    assert [row.found for row in rows] == [found.returning, held, found.bringing]
    assert rows[0].ours[0].endswith("3 bought again in the 90 days after it.")
    assert "fewer than 30" in rows[0].meaning


@pytest.mark.parametrize("verdict", ["more", "fewer", "open", "too_few"])
def test_every_finding_says_what_it_does_not_prove(verdict):
    for meanings in (_MATCHED, _HELD, _REWARDED):
        with override("en"):
            assert ("prove" in str(meanings[verdict])) is (verdict != "too_few")
        with override("zh-hans"):
            assert "不能" in str(meanings[verdict])
