"""Published kinds of loyalty cases at their edges: what the schema's words say, on the rules that the product uses."""

import pytest

from tests.cases.run import run

RATE = {"earn": {"per": "10", "points": "1", "round": "down"}}
TIERS = [{"name": "Gold", "min": "500", "per": "5"}, {"name": "Basic", "min": "100", "per": "0"}]
EARN = {"op": "earn", "lot": "a", "points": "100", "cost": "10", "expires": 10, "day": 0}


def op(name: str, **more: object) -> dict:
    return {"op": name, **more}


def points(program: dict, *events: dict, **expect: object) -> dict:
    return {"kind": "points", "program": program, "events": list(events), "expect": expect}


def tier(before: str, bought: str, **expect: object) -> dict:
    return {"kind": "tier", "tiers": TIERS, "spent_before": before, "current_amount": bought, "expect": expect}


def review(in_window: str, policy: str, then: str | None) -> dict:
    tiers = [*TIERS, {"name": "Silver", "min": "200"}]
    told = {"tiers": tiers, "current": "Gold", "points_in_window": in_window, "policy": policy}
    return {"kind": "tier_review", **told, "expect": {"tier": then}}


def budget(told: dict, *events: dict, **expect: object) -> dict:
    return {"kind": "budget", "budget": told, "events": list(events), "expect": expect}


def accounting(expect: dict, **told: object) -> dict:
    return {"kind": "accounting", "accounting": told, "expect": expect}


def convert(expect: dict, **told: object) -> dict:
    return {"kind": "convert", "exchange_rate": "15", "expect": expect, **told}


def transfers(accounts: list, *batches: list, **expect: object) -> dict:
    return {"kind": "transfers", "accounts": accounts, "batches": list(batches), "expect": expect}


def concurrency(balance: str, *requests: dict, **expect: object) -> dict:
    return {"kind": "concurrency", "balance": balance, "requests": list(requests), "expect": expect}


def referral(program: dict, *events: dict, **expect: object) -> dict:
    return {"kind": "referral", "program": program, "events": list(events), "expect": expect}


def moved(giver: str, taker: str, amount: str) -> dict:
    return {"from": giver, "to": taker, "amount": amount}


def came(who: str, by: str | None = None, **more: object) -> dict:
    return op("register", customer=who, referred_by=by, **more)


LEDGER = {
    "good on its last day": points({}, EARN, op("redeem", points="100", day=10), used="100", failed_events=[]),
    "gone the day after": points(
        {}, EARN, op("redeem", points="1", day=11), op("expire_run"), expired="100", failed_events=[1], available="0"
    ),
    "a run on the last day takes nothing": points({}, EARN, op("expire_run", day=10), expired="0", available="100"),
    "what is held outlives its day, what returns does not": points(
        {},
        EARN,
        op("hold", id="h", points="40"),
        op("expire_run", day=11),
        op("release", id="h"),
        op("expire_run", day=12),
        expired="100",
        held="0",
        available="0",
        liability_cost="0",
    ),
    "whole points however they are written": points({}, op("earn", lot="a", points="100.00"), available="100"),
    "earliest expiry first, without one last": points(
        {},
        op("earn", lot="never", points="10"),
        op("earn", lot="late", points="10", expires="20"),
        op("earn", lot="soon", points="10", expires="5"),
        op("redeem", points="21", day=5),
        lots={"soon": {"available": "0"}, "late": {"available": "0"}, "never": {"available": "9"}},
    ),
    "equal days: the oldest first, draining takes all that is left of the cost": points(
        {},
        op("earn", lot="b", points="3", cost="1"),
        op("earn", lot="a", points="3", cost="1"),
        op("redeem", points="1"),
        op("redeem", points="1"),
        op("redeem", points="1"),
        lots={"b": {"used_cost": "1", "cost_left": "0"}, "a": {"cost_left": "1.00"}},
    ),
    "opening lots count": points({}, op("redeem", points="5"), available="0", used="5")
    | {"opening_lots": [{"id": "o", "points": "5", "expires": 3, "cost": "0.5"}]},
    "a key has one answer, a refusal too": points(
        {},
        op("redeem", points="5", idempotency_key="k"),
        op("earn", points="9"),
        op("redeem", points="5", idempotency_key="k"),
        available="9",
        failed_events=[0],
    ),
    "nothing and less than nothing is refused": points(
        {}, EARN, op("redeem", points="0"), op("redeem", points="-5"), available="100", failed_events=[1, 2]
    ),
    "part of a hold is captured and the rest returns": points(
        {},
        EARN,
        op("hold", id="h", points="30"),
        op("capture", id="h", points="10"),
        available="90",
        used="10",
        held="0",
    ),
    "more than is held cannot be captured": points(
        {}, EARN, op("hold", id="h", points="30"), op("capture", id="h", points="31"), held="30", failed_events=[2]
    ),
    "part of several holds returns": points(
        {},
        EARN,
        op("hold", id="g", points="30"),
        op("hold", id="h", points="30"),
        op("release", ids=["g", "h"], points="40"),
        available="80",
        held="20",
    ),
    "holds turned into a refund of all of them": points(
        {},
        EARN,
        op("hold", id="h", points="30"),
        op("release_and_refund", ids=["h"]),
        refunded="30",
        liability_cost="7",
        lots={"a": {"refund_cost": "3", "cost_left": "7"}},
    ),
    "a refund by cost": points({}, EARN, op("refund_cost", cost="2.5"), refunded="25", liability_cost="7.50"),
    "a purchase that earns nothing has an empty lot": points(
        RATE, op("earn_purchase", lot="p", amount="9.99"), lots={"p": {"available": "0", "cost_left": "0"}}
    ),
    "what points paid earns nothing": points(
        RATE, op("earn_purchase", lot="p", amount="100", points_paid_amount="100"), available="0", failed_events=[]
    ),
    "returned bit by bit, exactly what was given": points(
        RATE,
        op("earn_purchase", lot="p", amount="25"),
        op("return_purchase", lot="p", amount="9"),
        op("return_purchase", lot="p", amount="9"),
        op("return_purchase", lot="p", amount="8"),
        op("return_purchase", lot="p", amount="7"),
        available="0",
        failed_events=[3],
    ),
    "pending days": points(
        {"pending_days": 3},
        op("earn", lot="a", points="5", day=0),
        op("redeem", points="5", day=2),
        op("redeem", points="5", day=3),
        used="5",
        pending="0",
        failed_events=[1],
    ),
    "debt is paid from the next points before they can be spent": points(
        {"negative": "debt"},
        EARN,
        op("redeem", points="100"),
        op("cancel", lot="a", points="60"),
        op("redeem", points="1"),
        op("earn", lot="b", points="50"),
        op("earn", lot="c", points="50"),
        available="40",
        debt="0",
        cancelled="60",
        failed_events=[3],
    ),
    "without debt a cancellation of too much is refused": points(
        {"negative": "forbid"},
        EARN,
        op("redeem", points="50"),
        op("cancel", points="51"),
        available="50",
        failed_events=[2],
    ),
    "a return beyond the balance: as far as it goes": points(
        {"return_policy": "within_balance"}, EARN, op("rollback", points="130"), rolled_back=["100"], debt="0"
    ),
    "a return beyond the balance: the rest is owed": points(
        {"return_policy": "unlimited"},
        EARN,
        op("rollback", points="130"),
        rolled_back=["130"],
        debt="30",
        balance="-30",
    ),
}
OTHERS = {
    "tier: its minimum is in it, in whatever order they are told": tier("400.01", "99.99", tier="Gold", points="19"),
    "tier: a cent below, and a rate of zero": tier("400", "99.99", tier="Basic", points="0"),
    "tier: below all of them": tier("0", "99.99", tier=None, points="0"),
    "review: one step down though nothing was earned": review("0", "one_down", "Silver"),
    "review: the minimum keeps it": review("500", "one_down", "Gold"),
    "review: by the balance to none": review("99", "balance_based", None),
    "budget: the last cent fits, one more does not, and what is reverted can be used": budget(
        {"type": "spend", "limit": "10", "used": "0"},
        op("register", amount="9.99"),
        op("would_apply", amount="0.02"),
        op("register", amount="0.02"),
        op("register", amount="0.01"),
        op("revert", amount="5"),
        op("would_apply", amount="5"),
        used="5.00",
        accepted=[True, False, False, True, True, True],
    ),
    "budget: uses counted one by one": budget(
        {"type": "usage", "limit": "2", "used": "0", "batch_counts_once": False},
        op("register", amount="200"),
        op("register", amount="200", same_batch=True),
        op("register", amount="200"),
        used="2",
        accepted=[True, True, False],
    ),
    "budget: without a limit": budget(
        {"type": "usage", "limit": None, "used": "7"}, op("register", amount="1"), used="8", accepted=[True]
    ),
    "referral: every purchase, both sides": referral(
        {"event": "every_purchase", "reward": "both", "points": "5"},
        came("a"),
        came("b", "a", device="d", referrer_device="d"),
        op("purchase", customer="b"),
        op("purchase", customer="b"),
        op("purchase", customer="a"),
        points={"a": "10", "b": "10"},
        blocked=[],
    ),
    "referral: the first purchase alone, who brought": referral(
        {"event": "first_purchase", "reward": "referrer", "points": "5", "block_same_device": True},
        came("a"),
        came("b", "a", device="d"),
        came("b", "a"),
        op("purchase", customer="b"),
        op("purchase", customer="b"),
        points={"a": "5"},
        blocked=[2],
    ),
    "accounting: an estimate below what was redeemed": accounting(
        {"revenue_by_period": ["50", "50", "0"], "liability_left": "0", "revenue_at_sale": "900"},
        transaction_price="1000",
        allocated_to_points="100",
        periods=[
            {"redeemed": "50", "expected_total": "100"},
            {"redeemed": "50", "expected_total": "80"},
            {"redeemed": "0", "expected_total": "0"},
        ],
    ),
    "accounting: nothing is expected": accounting(
        {"points_ssp": "0", "deferred_at_sale": "0", "revenue_at_sale": "10", "revenue_by_period": ["0"]},
        transaction_price="10",
        goods_ssp="10",
        points_issued="100",
        point_value="0.01",
        expected_redemption_rate="0",
        periods=[{"redeemed": "0", "expected_total": "0"}],
    ),
    "convert: half a point": convert({"points": "1"}, amount="7.5", round="half_up"),
    "convert: by the common key": convert({"points": "7"}, amount="100", rounding={"mode": "up"}),
    "convert: points to whole units": convert({"amount": "150"}, points="10", currency={"code": "JPY", "minor": 0}),
    "convert: at a rate of nothing": convert({"points": "0"}, amount="10", exchange_rate="0"),
    "transfers: all of a batch or nothing": transfers(
        [{"id": "a", "allow_negative": False}, {"id": "b"}],
        [moved("b", "a", "1"), moved("a", "b", "2")],
        [moved("b", "a", "2"), moved("a", "b", "2")],
        batch_ok=[False, True],
        balances={"a": "0", "b": "0"},
        sum="0",
    ),
    "transfers: nothing, less, and to oneself": transfers(
        [{"id": "a"}, {"id": "b"}],
        [moved("a", "b", "0")],
        [moved("a", "b", "-1")],
        [moved("a", "a", "1")],
        batch_ok=[False, False, False],
        sum="0",
    ),
    "concurrency: as many as fit": concurrency(
        "250.0", {"points": "100", "times": 3}, {"points": "100"}, successes=2, final_balance="50"
    ),
    "concurrency: of nothing": concurrency("0", {"points": "1"}, successes=0, final_balance="0"),
}
CASES = [{"id": name, **told} for name, told in {**LEDGER, **OTHERS}.items()]


@pytest.mark.parametrize("case", CASES, ids=[str(one["id"]) for one in CASES])
def test_a_case_at_the_edge_is_answered_as_the_schema_says(case: dict) -> None:
    assert run(case).failure is None


def test_a_part_of_a_point_is_not_served() -> None:
    failure = run({"id": "x", **points({}, op("earn", points="1.5"))}).failure
    assert failure == "not served yet: a part of a point: 1.5"
