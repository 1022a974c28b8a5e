"""What a version of the programme says: from the form in which it is kept to the rules, or every fault it has."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from shouyue.membership.programme.rules.earning import (
    Combination,
    EarnRule,
    EarnVersion,
    Multiplier,
    Occasion,
    Scope,
)

Content = Mapping[str, Any]
BASE_KEY = "base"


def earn_of(content: Content, closed: Mapping[str, date] | None = None) -> EarnVersion:
    """The earn rules and campaigns that a kept content stands for.

    closed: the last day of rules and campaigns whose budget was used up, by key.
    """
    earn, last_days = content["earn"], closed or {}
    return EarnVersion(
        rules=tuple(_rule(one, last_days) for one in earn["rules"]),
        tier_factors={one["name"]: Decimal(one["factor"]) for one in content["tiers"]["steps"]},
        multipliers=tuple(_campaign(one, last_days) for one in campaigns_of(content)),
        combination=Combination(earn["combination"]),
        cap_per_event=earn["cap_per_event"],
        holdout=content.get("holdout", 0.0),
    )


def campaigns_of(content: Content) -> list[Mapping[str, Any]]:
    """Campaigns as they are kept; versions of before there were any have none."""
    found: list[Mapping[str, Any]] = content.get("campaigns", [])
    return found


def budgets_of(content: Content) -> dict[str, int]:
    """Points that rules and campaigns may give in all, by key; those without a limit are left out."""
    kept = [*content["earn"]["rules"], *campaigns_of(content)]
    return {one["key"]: one["budget"] for one in kept if one["budget"]}


def base_of(content: Content) -> EarnRule:
    """The rule with the key `base`, which the ledger applies to every purchase."""
    return next(_rule(one, {}) for one in content["earn"]["rules"] if one["key"] == BASE_KEY)


def faults(content: Content) -> list[str]:
    """Names of what keeps this content from being published; none: it can be."""
    steps, rules = content["tiers"]["steps"], content["earn"]["rules"]
    names = [one["name"] for one in steps]
    minimums = [one["minimum_fen"] for one in steps]
    found = []
    if not steps or 0 not in minimums:
        found.append("no_first_tier")
    if len(set(names)) < len(names) or len(set(minimums)) < len(minimums):
        found.append("tiers_alike")
    if sum(1 for one in rules if one["key"] == BASE_KEY) != 1:
        found.append("no_base_rule")
    if any(one["points"] <= 0 for one in rules):
        found.append("rule_without_points")
    if any(one["first"] and one["last"] and one["last"] < one["first"] for one in rules):
        found.append("ends_before_it_begins")
    if any(not set(one["tiers"]) <= set(names) for one in content["benefits"]):
        found.append("benefit_of_no_tier")
    if any(not set(one["tiers"]) <= set(names) for one in campaigns_of(content)):
        found.append("campaign_of_no_tier")
    return found


def with_rule(content: Content, rule: Mapping[str, Any]) -> dict[str, Any]:
    """The content with a rule added, or changed in its place where its key is there already: the first that fits wins.

    The base stays last.
    """
    rules = content["earn"]["rules"]
    if all(one["key"] != rule["key"] for one in rules):
        return _with_rules(content, [*rules, dict(rule)])
    return _with_rules(content, [dict(rule) if one["key"] == rule["key"] else one for one in rules])


def without_rule(content: Content, key: str) -> dict[str, Any]:
    """The content without a rule; the base cannot be taken out."""
    kept = [one for one in content["earn"]["rules"] if one["key"] == BASE_KEY or one["key"] != key]
    return _with_rules(content, kept)


def with_campaign(content: Content, campaign: Mapping[str, Any]) -> dict[str, Any]:
    """The content with a campaign added, or changed where its key is there already; in the order of their days."""
    others = [one for one in campaigns_of(content) if one["key"] != campaign["key"]]
    return {**content, "campaigns": sorted([*others, dict(campaign)], key=lambda one: (one["first"], one["key"]))}


def without_campaign(content: Content, key: str) -> dict[str, Any]:
    """The content without a campaign."""
    return {**content, "campaigns": [one for one in campaigns_of(content) if one["key"] != key]}


def _with_rules(content: Content, rules: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    in_turn = sorted(rules, key=lambda one: one["key"] == BASE_KEY)
    return {**content, "earn": {**content["earn"], "rules": list(in_turn)}}


def _rule(one: Mapping[str, Any], closed: Mapping[str, date]) -> EarnRule:
    return EarnRule(
        key=one["key"],
        occasion=Occasion(one["occasion"]),
        points=one["points"],
        per_fen=one["per_fen"],
        scope=_scope(one),
        first=_day(one["first"]),
        last=_last(one, closed),
        cap=one["cap"],
        uses_tier=one["occasion"] == Occasion.PURCHASE,
    )


def _campaign(one: Mapping[str, Any], closed: Mapping[str, date]) -> Multiplier:
    return Multiplier(
        key=one["key"],
        factor=Decimal(one["factor"]),
        scope=_scope(one),
        first=_day(one["first"]),
        last=_last(one, closed),
        tiers=frozenset(one["tiers"]),
        cap=one["cap"],
    )


def _scope(one: Mapping[str, Any]) -> Scope:
    return Scope(frozenset(one["categories"]), frozenset(one["items"]), frozenset(one["channels"]))


def _last(one: Mapping[str, Any], closed: Mapping[str, date]) -> date | None:
    days = [day for day in (_day(one["last"]), closed.get(one["key"])) if day is not None]
    return min(days, default=None)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
