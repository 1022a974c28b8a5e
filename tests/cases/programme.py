"""Loyalty cases of tiers, budgets and referral: from a case to the rules of the membership programme, keys renamed."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from shouyue.membership.programme.rules.budget import Budget, BudgetKind, register, revert, would_apply
from shouyue.membership.referral.rules.referral import (
    Guard,
    ReferralEvent,
    ReferralRule,
    Referrals,
    RewardedSide,
    Traces,
)
from shouyue.membership.tiers.rules.tiers import Landing, Step, reached, reviewed, step_points

Case = dict[str, Any]

_TRACES = ("device", "address", "payment")


def tier(case: Case) -> object:
    bought = Fraction(case["current_amount"])
    step = reached(_steps(case), Fraction(case["spent_before"]) + bought)
    return {"tier": step.name if step else None, "points": step_points(step, bought)}


def tier_review(case: Case) -> object:
    landing, amount = Landing(case["policy"]), Fraction(case["points_in_window"])
    return {"tier": reviewed(_steps(case), current=case.get("current"), amount=amount, landing=landing)}


def budget(case: Case) -> object:
    told = case["budget"]
    standing = Budget(
        BudgetKind(told["type"]),
        Fraction(told["limit"]) if told.get("limit") is not None else None,
        Fraction(told.get("used", "0")),
        told.get("batch_counts_once", False),
    )
    accepted = []
    for event in case["events"]:
        amount, is_same = Fraction(event.get("amount", "0")), event.get("same_batch", False)
        if event["op"] == "would_apply":
            accepted.append(would_apply(standing, amount, is_same_batch=is_same))
        elif event["op"] == "revert":
            standing = revert(standing, amount, is_same_batch=is_same)
            accepted.append(True)
        else:
            after = register(standing, amount, is_same_batch=is_same)
            accepted.append(after is not None)
            standing = after or standing
    return {"used": _decimal(standing.used), "accepted": accepted}


def referral(case: Case) -> object:
    told = case["program"]
    guards = {guard for guard in (Guard.DEVICE, Guard.ADDRESS, Guard.PAYMENT) if told.get(f"block_same_{guard}")}
    event, rewarded = ReferralEvent(told["event"]), RewardedSide(told["reward"])
    referrals = Referrals(ReferralRule(event, rewarded, int(told["points"]), frozenset(guards)))
    blocked = []
    for index, one in enumerate(case["events"]):
        if one["op"] != "register":
            referrals.purchase(one["customer"])
            continue
        ours, theirs = (Traces(*(one.get(side + key, "") for key in _TRACES)) for side in ("referrer_", ""))
        if referrals.register(one["customer"], referrer=one.get("referred_by"), ours=ours, theirs=theirs):
            blocked.append(index)
    return {"points": referrals.points, "blocked": blocked}


PROGRAMME_KINDS: dict[str, Callable[[Case], object]] = {
    "tier": tier,
    "tier_review": tier_review,
    "budget": budget,
    "referral": referral,
}


def _steps(case: Case) -> list[Step]:
    return [
        Step(one["name"], Fraction(one["min"]), Fraction(one["per"]) if one.get("per") else None)
        for one in case["tiers"]
    ]


def _decimal(value: Any) -> Any:
    """Cases hold decimals, which a fraction of tens is again."""
    exact = Fraction(value)
    return Decimal(exact.numerator) / exact.denominator
