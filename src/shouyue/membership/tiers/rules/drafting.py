"""The next version's tiers and benefits, changed one by one."""

from collections.abc import Mapping
from typing import Any

from shouyue.membership.tiers.rules.standing import Measure
from shouyue.membership.tiers.rules.terms import Content

_FEN = 100


def lowest_of(content: Content) -> str:
    """The tier that everybody has; it cannot be taken out."""
    name: str = min(content["tiers"]["steps"], key=lambda one: one["minimum_fen"])["name"]
    return name


def with_step(content: Content, step: Mapping[str, Any]) -> dict[str, Any]:
    """The content with a tier added, or changed where its name is there already; the lowest minimum first."""
    others = [one for one in content["tiers"]["steps"] if one["name"] != step["name"]]
    return _with_tiers(content, steps=sorted([*others, dict(step)], key=lambda one: one["minimum_fen"]))


def without_step(content: Content, name: str) -> dict[str, Any]:
    """The content without a tier, and without benefits that no other tier has. The lowest one stays."""
    if name == lowest_of(content):
        return dict(content)
    benefits = [{**one, "tiers": [tier for tier in one["tiers"] if tier != name]} for one in content["benefits"]]
    kept = _with_tiers(content, steps=[one for one in content["tiers"]["steps"] if one["name"] != name])
    return {**kept, "benefits": [one for one in benefits if one["tiers"]]}


def with_terms(content: Content, terms: Mapping[str, Any]) -> dict[str, Any]:
    """The content with other terms: measure, window, landing, notice_days.

    Where something else counts, minimums keep their number: from 1,000 yuan become 1,000 points.
    """
    before, after = Measure(content["tiers"]["measure"]), Measure(terms["measure"])
    steps = [
        {**one, "minimum_fen": minimum_of(shown_minimum(one["minimum_fen"], before), after)}
        for one in content["tiers"]["steps"]
    ]
    return _with_tiers(content, steps=steps, **terms)


def with_benefit(content: Content, benefit: Mapping[str, Any]) -> dict[str, Any]:
    """The content with a benefit added, or changed in its place where its key is there already."""
    kept = content["benefits"]
    if any(one["key"] == benefit["key"] for one in kept):
        return {**content, "benefits": [dict(benefit) if one["key"] == benefit["key"] else one for one in kept]}
    return {**content, "benefits": [*kept, dict(benefit)]}


def without_benefit(content: Content, key: str) -> dict[str, Any]:
    """The content without a benefit."""
    return {**content, "benefits": [one for one in content["benefits"] if one["key"] != key]}


def shown_minimum(kept: int, measure: Measure) -> int:
    """A minimum as people write it: whole yuan, points or visits."""
    return kept // _FEN if measure is Measure.SPEND else kept


def minimum_of(shown: int, measure: Measure) -> int:
    """A minimum as it is kept: fen, points or visits."""
    return shown * _FEN if measure is Measure.SPEND else shown


def _with_tiers(content: Content, **told: Any) -> dict[str, Any]:
    return {**content, "tiers": {**content["tiers"], **told}}
