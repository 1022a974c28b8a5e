"""Referral: events, sides, guards, waiting, speed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.membership.referral.rules.referral import (
    Guard,
    ReferralEvent,
    ReferralRule,
    Referrals,
    RewardedSide,
    Traces,
    guards_met,
    is_too_fast,
    pays_on,
)

DAY = date(2026, 8, 29)


def rule(event: ReferralEvent, rewarded: RewardedSide = RewardedSide.BOTH) -> ReferralRule:
    return ReferralRule(event, rewarded, 20)


@pytest.mark.parametrize(
    ("event", "times"),
    [(ReferralEvent.REGISTER, 1), (ReferralEvent.FIRST_PURCHASE, 1), (ReferralEvent.EVERY_PURCHASE, 3)],
)
@pytest.mark.parametrize(
    ("rewarded", "who"), [(RewardedSide.REFERRER, "a"), (RewardedSide.REFERRED, "b"), (RewardedSide.BOTH, "ab")]
)
def test_three_events_by_three_sides(event, times, rewarded, who):
    referrals = Referrals(rule(event, rewarded))
    referrals.register("a", referrer=None)
    referrals.register("b", referrer="a")
    for _purchase in range(3):
        referrals.purchase("b")
        referrals.purchase("a")
    assert referrals.points == dict.fromkeys(who, 20 * times)


def test_one_level_only():
    referrals = Referrals(rule(ReferralEvent.EVERY_PURCHASE, RewardedSide.REFERRER))
    referrals.register("b", referrer="a")
    referrals.register("c", referrer="b")
    referrals.purchase("c")
    assert referrals.points == {"b": 20}


def test_who_is_known_already_cannot_be_referred():
    referrals = Referrals(rule(ReferralEvent.REGISTER))
    referrals.register("a", referrer=None)
    assert referrals.register("a", referrer="b") == {Guard.NOT_NEW}
    assert referrals.points == {}


@given(
    st.builds(Traces, *[st.sampled_from(["", "x", "y"])] * 3), st.builds(Traces, *[st.sampled_from(["", "x", "y"])] * 3)
)
def test_guards_see_what_is_shared_and_nothing_unknown(ours, theirs):
    met = guards_met(rule(ReferralEvent.REGISTER), referrer="a", referred="b", ours=ours, theirs=theirs)
    shared = {name for name in ("device", "address", "payment") if getattr(ours, name) == getattr(theirs, name) != ""}
    assert met == {Guard(name) for name in shared}


def test_rewards_wait_for_the_return_period_and_speed_alarms():
    some = rule(ReferralEvent.REGISTER)
    assert pays_on(some, DAY) == date(2026, 9, 12)
    assert is_too_fast(some, [DAY] * 10, DAY)
    assert not is_too_fast(some, [DAY] * 9 + [DAY - timedelta(days=30)], DAY)
