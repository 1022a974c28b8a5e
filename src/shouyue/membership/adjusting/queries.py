"""Questions about corrections."""

from shouyue.membership.adjusting.models import Adjustment


def waiting_adjustments() -> list[Adjustment]:
    """Corrections that nobody has decided on, the oldest first."""
    return list(Adjustment.objects.filter(is_approved=None).order_by("asked_at", "id")[:100])


def decided_adjustments() -> list[Adjustment]:
    """The latest corrections that were decided on."""
    return list(Adjustment.objects.exclude(is_approved=None).order_by("-decided_at", "-id")[:20])
