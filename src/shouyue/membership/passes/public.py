"""The door of passes."""

from shouyue.membership.passes.actions import sell_tier
from shouyue.membership.passes.queries import member_passes

__all__ = ["member_passes", "sell_tier"]
