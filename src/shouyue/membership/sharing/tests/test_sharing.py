"""Gifts and households: consent, caps, lots preserved, once under each name, many at once."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.public import Customer
from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.public import Balance, Command, Lot, enrol_members, move, prove_balances
from shouyue.membership.ledger.tests.test_actions import together
from shouyue.membership.sharing.actions import GIFT_MOST_A_DAY, POOL_MEMBERS_MAX, NotSharedError, draw, give, share
from shouyue.membership.sharing.actions import stop_sharing as leave
from shouyue.membership.sharing.rules.shares import Purse, shares

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ON = date(2026, 3, 2)
NOW = {"on": ON, "at": AT, "by": "test"}


def member(points: int = 0, days: int = 30) -> UUID:
    who = Customer.objects.create(kind="person", source="test", source_key=str(new_id())).pk
    enrol_members([who], at=AT)
    if points:
        last = ON + timedelta(days=days)
        move(Command.award(new_id(), who, points, cost_fen=points, days=(ON, last)), at=AT, on=ON, by="test")
    return who


def household(*caps: int, points: int = 100) -> list[UUID]:
    pool, people = new_id(), [member(points, days=30 + place) for place, _cap in enumerate(caps)]
    for who, cap in zip(people, caps, strict=True):
        share(who, pool, cap, at=AT, by="test")
    return people


def why(act) -> tuple[str, int]:
    with pytest.raises(NotSharedError) as refused:
        act()
    return refused.value.why, refused.value.usable


def usable(who: UUID) -> int:
    return Balance.objects.get(pk=who).available


def assert_proved() -> None:
    assert prove_balances(at=AT, by="test").found == []


@given(st.integers(1, 300), st.lists(st.tuples(st.integers(0, 99), st.integers(-5, 99), st.none() | st.integers(0, 9))))
def test_shares_are_whole_and_within_what_each_may_give(wanted, drawn):
    purses = [Purse(UUID(int=place), *one) for place, one in enumerate(drawn)]
    told = shares(wanted, purses)
    if told is None:
        assert sum(purse.gives for purse in purses) < wanted
        return
    assert sum(points for _who, points in told) == wanted
    assert all(0 < points <= purses[who.int].gives for who, points in told)


@pytest.mark.django_db
def test_a_gift_is_given_once_within_the_day_and_keeps_its_dates():
    giver, taker = member(GIFT_MOST_A_DAY + 50), member()
    wish = new_id()
    for _time in range(2):
        assert give(wish, giver, taker, 4_000, **NOW) == GIFT_MOST_A_DAY - 3_950
    assert why(lambda: give(new_id(), giver, taker, 1_001, **NOW)) == ("cap", 1_000)
    give(new_id(), giver, taker, 1_000, **NOW)
    assert why(lambda: give(new_id(), giver, taker, 60, **{**NOW, "on": ON + timedelta(days=1)})) == ("short", 50)
    assert {lot.expires_on for lot in Lot.objects.filter(customer_id=taker)} == {ON + timedelta(days=30)}
    assert why(lambda: give(new_id(), giver, giver, 1, **NOW)) == ("own", 0)
    assert why(lambda: give(new_id(), giver, new_id(), 1, **NOW)) == ("no_member", 0)
    assert_proved()


@pytest.mark.django_db
def test_a_household_draws_from_what_expires_first_within_consent_and_caps():
    own, first, second = household(0, 60, 100)
    wish = new_id()
    for _time in range(2):
        assert draw(wish, own, 90, **NOW) == 190
    assert (usable(first), usable(second)) == (40, 70)
    assert why(lambda: draw(new_id(), own, 71, **NOW)) == ("short", 70)
    next_month = {**NOW, "on": date(2026, 4, 1)}
    assert why(lambda: draw(new_id(), own, 111, **next_month)) == ("short", 110)
    assert leave(first, at=AT, by="test")
    assert not leave(first, at=AT, by="test")
    assert why(lambda: draw(new_id(), own, 80, **NOW)) == ("short", 70)
    assert why(lambda: draw(new_id(), first, 1, **NOW)) == ("no_pool", 0)
    assert_proved()


@pytest.mark.django_db
def test_one_household_each_and_no_more_than_it_holds():
    people = household(*[10] * POOL_MEMBERS_MAX, points=0)
    pool = type("Pool", (), {"id": None})
    from shouyue.membership.sharing.models import PoolMember

    pool.id = PoolMember.objects.get(pk=people[0]).pool_id
    assert why(lambda: share(member(), pool.id, 5, at=AT, by="test")) == ("full", 0)
    assert why(lambda: share(people[0], new_id(), 5, at=AT, by="test")) == ("other_pool", 0)
    share(people[0], pool.id, 7, at=AT, by="test")
    assert PoolMember.objects.get(pk=people[0]).cap_points == 7


def test_households_that_draw_at_once_keep_the_caps(fresh_database):
    own, first, second = household(50, 50, 50)

    def act(number: int) -> object:
        try:
            return draw(new_id(), (own, first, second)[number % 3], 10, **NOW)
        except NotSharedError as refused:
            return refused.why

    results = together(24, act)
    drawn = sum(isinstance(one, int) for one in results)
    # Each may be drawn on for fifty points, so that at most fifteen draws of ten find some.
    assert drawn == 15
    assert_proved()
