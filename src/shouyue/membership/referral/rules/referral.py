"""Referral, one level only: who is rewarded for which event, what is refused, and what a person should look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class ReferralEvent(StrEnum):
    REGISTER = "register"
    FIRST_PURCHASE = "first_purchase"
    EVERY_PURCHASE = "every_purchase"


class RewardedSide(StrEnum):
    REFERRER = "referrer"
    REFERRED = "referred"
    BOTH = "both"


class Guard(StrEnum):
    """Why a referral is not one."""

    SELF = "self"
    DEVICE = "device"
    ADDRESS = "address"
    PAYMENT = "payment"
    NOT_NEW = "not_new"


# Sharing an address or a card is what families do: a person decides. The rest is refused.
TO_REVIEW = frozenset({Guard.ADDRESS, Guard.PAYMENT})


@dataclass(frozen=True, slots=True)
class ReferralRule:
    """guards: what is looked at beside self-referral and known customers, which never count.

    return_days: rewards stay pending so long. velocity_max: more referrals of one person within velocity_days are
    looked at by a person.
    """

    event: ReferralEvent
    rewarded: RewardedSide
    points: int
    guards: frozenset[Guard] = frozenset({Guard.DEVICE, Guard.ADDRESS, Guard.PAYMENT})
    return_days: int = 14
    velocity_max: int = 10
    velocity_days: int = 30


def referral_rule_of(content: Mapping[str, Any]) -> ReferralRule:
    """What a version of the programme says about referrals."""
    told = content["referral"]
    return ReferralRule(
        event=ReferralEvent(told["event"]),
        rewarded=RewardedSide(told["rewarded"]),
        points=told["points"],
        guards=frozenset(Guard(one) for one in told["guards"]),
        return_days=told["return_days"],
        velocity_max=told["velocity_max"],
        velocity_days=told["velocity_days"],
    )


@dataclass(frozen=True, slots=True)
class Traces:
    """What two people may share, as digests; "" is not known. Never compared when unknown."""

    device: str = ""
    address: str = ""
    payment: str = ""


@dataclass(frozen=True, slots=True)
class Reward:
    customer: str
    points: int


def guards_met(
    rule: ReferralRule, *, referrer: str, referred: str, ours: Traces, theirs: Traces, is_new: bool = True
) -> frozenset[Guard]:
    """Every guard that this referral runs into; ours: the referrer's traces, theirs: of who comes."""
    met = {Guard.SELF} if referrer == referred else set()
    if not is_new:
        met.add(Guard.NOT_NEW)
    pairs = {
        Guard.DEVICE: (ours.device, theirs.device),
        Guard.ADDRESS: (ours.address, theirs.address),
        Guard.PAYMENT: (ours.payment, theirs.payment),
    }
    met |= {guard for guard, (one, other) in pairs.items() if guard in rule.guards and one and one == other}
    return frozenset(met)


def rewards_of(rule: ReferralRule, *, referrer: str, referred: str) -> list[Reward]:
    """Who gets what for one event that counts."""
    both = {RewardedSide.REFERRER: [referrer], RewardedSide.REFERRED: [referred]}
    return [Reward(who, rule.points) for who in both.get(rule.rewarded, [referrer, referred])]


def counts(rule: ReferralRule, *, is_purchase: bool, purchases_before: int) -> bool:
    """Whether an event of a referred customer is one that the rule rewards."""
    if not is_purchase:
        return rule.event is ReferralEvent.REGISTER
    if rule.event is ReferralEvent.FIRST_PURCHASE:
        return purchases_before == 0
    return rule.event is ReferralEvent.EVERY_PURCHASE


def pays_on(rule: ReferralRule, day: date) -> date:
    """The first day on which the reward can be spent: nothing can be returned any more."""
    return day + timedelta(days=rule.return_days)


def is_too_fast(rule: ReferralRule, earlier: Sequence[date], day: date) -> bool:
    """Whether this referral of one person is one too many within the days of the alarm."""
    recent = [one for one in earlier if day - timedelta(days=rule.velocity_days) < one <= day]
    return len(recent) >= rule.velocity_max


@dataclass(slots=True)
class Referrals:
    """Referrals in the order they happen: the same decisions for a replay and for a case that others published."""

    rule: ReferralRule
    referrer_of: dict[str, str | None] = field(default_factory=dict)
    purchases: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)

    def register(
        self, customer: str, *, referrer: str | None, ours: Traces | None = None, theirs: Traces | None = None
    ) -> frozenset[Guard]:
        """Somebody comes, by somebody's link or by themselves. Returns the guards met; then it is no referral."""
        is_new = customer not in self.referrer_of
        met: frozenset[Guard] = frozenset()
        if referrer is not None:
            met = guards_met(
                self.rule,
                referrer=referrer,
                referred=customer,
                ours=ours or Traces(),
                theirs=theirs or Traces(),
                is_new=is_new,
            )
        if is_new:
            self.referrer_of[customer] = None if met else referrer
            if not met:
                self._reward(customer, is_purchase=False)
        return met

    def purchase(self, customer: str) -> None:
        self._reward(customer, is_purchase=True)
        self.purchases[customer] = self.purchases.get(customer, 0) + 1

    def _reward(self, customer: str, *, is_purchase: bool) -> None:
        referrer = self.referrer_of.get(customer)
        before = self.purchases.get(customer, 0)
        if referrer is None or not counts(self.rule, is_purchase=is_purchase, purchases_before=before):
            return
        for reward in rewards_of(self.rule, referrer=referrer, referred=customer):
            self.points[reward.customer] = self.points.get(reward.customer, 0) + reward.points
