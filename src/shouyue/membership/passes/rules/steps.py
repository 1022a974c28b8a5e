"""Tiers of a version and their months, by the names that selling them needs."""

from shouyue.membership.tiers.rules.drafting import lowest_of
from shouyue.membership.tiers.rules.terms import Content, tier_names_of
from shouyue.membership.tiers.rules.tiers import UnknownTierError
from shouyue.membership.tiers.rules.windows import last_of_months

__all__ = ["Content", "UnknownTierError", "last_of_months", "lowest_of", "tier_names_of"]
