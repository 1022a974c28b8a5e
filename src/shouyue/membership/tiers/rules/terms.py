"""What a version of the programme says about tiers and their benefits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shouyue.membership.tiers.rules.entitlements import BenefitPeriod
from shouyue.membership.tiers.rules.standing import Measure, TierRule, Timeline
from shouyue.membership.tiers.rules.tiers import Landing, Step
from shouyue.membership.tiers.rules.windows import WindowKind, WindowRule

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit of some tiers. quota: uses in a period; None is as often as wanted."""

    key: str
    zh: str
    en: str
    tiers: frozenset[str]
    quota: int | None
    period: BenefitPeriod


@dataclass(frozen=True, slots=True)
class TierName:
    """A tier as people call it."""

    name: str
    zh: str
    en: str
    minimum_fen: int


def tier_rule_of(content: Content) -> TierRule:
    """How tiers are reached and reviewed."""
    tiers = content["tiers"]
    window = tiers["window"]
    return TierRule(
        steps=tuple(Step(one["name"], one["minimum_fen"]) for one in tiers["steps"]),
        window=WindowRule(WindowKind(window["kind"]), window["months"], window["grace_days"]),
        landing=Landing(tiers["landing"]),
        measure=Measure(tiers["measure"]),
        notice_days=tiers["notice_days"],
    )


def timeline_of(versions: Iterable[tuple[date, Content]]) -> Timeline:
    """Every published version from its first day on; versions: at least one, the earliest first."""
    return Timeline(tuple((first, tier_rule_of(content)) for first, content in versions))


def tier_names_of(content: Content) -> dict[str, TierName]:
    """Each tier by its name."""
    steps = content["tiers"]["steps"]
    return {one["name"]: TierName(one["name"], one["zh"], one["en"], one["minimum_fen"]) for one in steps}


def benefits_of(content: Content, tier: str | None) -> list[Benefit]:
    """The benefits of a tier, in the order of the version."""
    return [
        Benefit(
            key=one["key"],
            zh=one["zh"],
            en=one["en"],
            tiers=frozenset(one["tiers"]),
            quota=one["quota"],
            period=BenefitPeriod(one["period"]),
        )
        for one in content["benefits"]
        if tier in one["tiers"]
    ]
