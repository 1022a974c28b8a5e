"""The door of sharing."""

from shouyue.membership.sharing.actions import NotSharedError, draw, give, share, stop_sharing

__all__ = ["NotSharedError", "draw", "give", "share", "stop_sharing"]
