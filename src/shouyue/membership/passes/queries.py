"""Questions about bought tiers."""

from collections.abc import Sequence
from uuid import UUID

from shouyue.membership.tiers.public import TierPass


def member_passes(ids: Sequence[UUID]) -> list[TierPass]:
    """Tiers that a person bought, under any of their numbers, the latest first."""
    return list(TierPass.objects.filter(customer_id__in=ids).order_by("-first", "-sold_at", "-id")[:20])
