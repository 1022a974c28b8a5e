"""The door of tiers."""

from shouyue.membership.tiers.actions.benefits import use_benefit
from shouyue.membership.tiers.actions.reviewing import review_tiers
from shouyue.membership.tiers.models import TierPass
from shouyue.membership.tiers.queries.members import (
    MemberView,
    member_view,
    tier_changes,
)
from shouyue.membership.tiers.queries.moves import moves_of
from shouyue.membership.tiers.queries.persons import Past, pasts_of
from shouyue.membership.tiers.sentences import amount_words, benefit_quota, tier_rows, tier_titles

__all__ = [
    "MemberView",
    "Past",
    "TierPass",
    "amount_words",
    "benefit_quota",
    "member_view",
    "moves_of",
    "pasts_of",
    "review_tiers",
    "tier_changes",
    "tier_rows",
    "tier_titles",
    "use_benefit",
]
