"""Background work of rewards."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.membership.rewards.actions.reserving import end_late_reservations
from shouyue.store.jobs import Handle, job


@job(
    name="membership.end_reservations", title=_("Reservations whose time has ended"), retries=3, schedule="*/5 * * * *"
)
def end_reservations(handle: Handle) -> None:
    """Set free points and pieces of reservations that nobody completed."""
    at = clock.now()
    ended = end_late_reservations(at=at, on=timezone.localdate(at), by="worker")
    handle.progress(ended, ended)
