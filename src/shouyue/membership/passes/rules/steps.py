"""Tiers of a version and their months, by the names that selling them needs."""

from collections.abc import Mapping
from typing import Any

from shouyue.membership.tiers.rules.drafting import lowest_of
from shouyue.membership.tiers.rules.terms import Content, tier_names_of
from shouyue.membership.tiers.rules.tiers import UnknownTierError
from shouyue.membership.tiers.rules.windows import last_of_months

__all__ = ["Content", "UnknownTierError", "last_of_months", "lowest_of", "offered_step", "tier_names_of"]


def offered_step(content: Content, own: str | None) -> Mapping[str, Any] | None:
    """The tier to offer to whoever has `own`: the next better one with a price, or else without one.

    Whoever has the best can only have it longer. None where nothing but the lowest tier is there.
    """
    steps = sorted(content["tiers"]["steps"], key=lambda one: one["minimum_fen"])
    place = next((nth for nth, one in enumerate(steps) if one["name"] == own), 0)
    better = steps[place + 1 :] or steps[max(place, 1) :]
    return next((one for one in better if one.get("price_fen")), better[0] if better else None)
