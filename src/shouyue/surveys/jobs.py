"""The jobs of the whole wing, for workers."""

from shouyue.surveys.waves.jobs import close_waves, send_invitations

__all__ = ["close_waves", "send_invitations"]
