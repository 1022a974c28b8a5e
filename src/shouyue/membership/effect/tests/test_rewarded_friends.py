"""Whether the reward brings friends: the same members before and after it changed."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils.translation import override

from shouyue.membership.effect.actions import measure_effect
from shouyue.membership.effect.queries import latest_effect
from shouyue.membership.effect.rules.comparison import Comparison, Group
from shouyue.membership.effect.rules.friends import RewardChange, before_and_after, last_change
from shouyue.membership.effect.sentences import effect_rows
from shouyue.membership.programme.actions.versions import change_draft, publish_version
from shouyue.membership.referral.models import Referral
from shouyue.membership.tiers.tests.ground import bought, customer, member, noon, published

CHANGED = date(2026, 6, 1)
SOME = {"event": "first_purchase", "rewarded": "both", "points": 200, "velocity_max": 10}
MORE = {**SOME, "points": 300}


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.mark.parametrize(
    ("versions", "until", "found"),
    [
        ([(date(2026, 1, 1), SOME)], CHANGED, None),
        ([(date(2026, 1, 1), SOME), (CHANGED, MORE)], CHANGED + days(28), None),
        ([(date(2026, 1, 1), SOME), (CHANGED, MORE)], CHANGED + days(29), RewardChange(CHANGED, 30, 200, 300)),
        ([(date(2026, 1, 1), SOME), (CHANGED, MORE)], CHANGED + days(400), RewardChange(CHANGED, 90, 200, 300)),
        # What is no reward changed later; and the side that gets it is one.
        (
            [(date(2026, 1, 1), SOME), (CHANGED, MORE), (CHANGED + days(40), {**MORE, "velocity_max": 5})],
            CHANGED + days(99),
            RewardChange(CHANGED, 90, 200, 300),
        ),
        (
            [(date(2026, 1, 1), SOME), (CHANGED, {**SOME, "rewarded": "referrer"})],
            CHANGED + days(50),
            RewardChange(CHANGED, 51, 200, 200),
        ),
    ],
)
def test_the_last_change_with_days_enough_is_looked_at(versions, until, found):
    assert last_change(versions, until=until) == found


def test_the_same_members_are_counted_on_as_many_days_on_both_sides():
    change = RewardChange(CHANGED, 30, 200, 300)
    one, other, late, stranger = (UUID(int=number) for number in range(4))
    joined = {one: CHANGED - days(30), other: date(2025, 1, 1), late: CHANGED - days(29)}
    brought = [
        (one, CHANGED),
        (one, CHANGED + days(29)),
        (other, CHANGED - days(1)),
        (other, CHANGED - days(30)),
        (other, CHANGED + days(30)),
        (late, CHANGED),
        (stranger, CHANGED),
    ]
    assert before_and_after(joined, brought, change) == Comparison(Group(1, 2), Group(1, 2))
    assert before_and_after(joined, brought[3:4], change) == Comparison(Group(0, 2), Group(1, 2))
    assert before_and_after(joined, [(other, CHANGED - days(31))], change) == Comparison(Group(0, 2), Group(0, 2))


@pytest.mark.django_db
def test_a_reading_tells_what_a_higher_reward_did_and_what_it_does_not_prove():
    published()
    people = [member(f"M{number}") for number in range(40)]
    change_draft(lambda said: {**said, "referral": {**said["referral"], "points": 300}}, at=noon(CHANGED), by="test")
    publish_version(starts_on=CHANGED, at=noon(CHANGED), today=None, by="test")
    friends = [(who, CHANGED + days(3)) for who in people[:15]] + [(people[0], CHANGED - days(3))]
    for number, (who, day) in enumerate(friends):
        Referral.objects.create(customer_id=customer(f"F{number}"), referrer_id=who, state="counted", at=noon(day))
    bought(people[0], CHANGED + days(60), 1)
    measure_effect(at=noon(CHANGED + days(61)), by="test")
    change, found = latest_effect().rewarded
    assert (change, found) == (RewardChange(CHANGED, 61, 200, 300), Comparison(Group(15, 40), Group(1, 40)))
    with override("en"):
        row = effect_rows(latest_effect())[-1]
    assert row.ours[0] == (
        "Of 40 members who had joined 61 days before the change, 15 brought a friend who counts since then, "
        "for 300 points."
    )
    assert (found.verdict, "It does not prove that the points are why" in row.meaning) == ("more", True)
