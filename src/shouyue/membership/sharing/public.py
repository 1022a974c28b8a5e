"""The door of sharing."""

from shouyue.membership.sharing.actions import NotSharedError, draw, give, share, stop_sharing
from shouyue.membership.sharing.sentences import not_shared

__all__ = ["NotSharedError", "draw", "give", "not_shared", "share", "stop_sharing"]
