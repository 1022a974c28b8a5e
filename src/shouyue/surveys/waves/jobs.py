"""Background work of waves: writing to those who were drawn, closing what is over."""

from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.store.jobs import Handle, job
from shouyue.surveys.waves.actions.mailing import send_invitations
from shouyue.surveys.waves.actions.opening import close_wave
from shouyue.surveys.waves.queries.listing import overdue_waves

__all__ = ["close_waves", "send_invitations"]


@job(name="surveys.close_waves", title=_("Waves past their last day"), retries=3, schedule="20 0 * * *")
def close_waves(handle: Handle) -> None:
    """Close every wave whose last day has passed."""
    at = clock.now()
    waves = overdue_waves(at)
    for wave_id in waves:
        close_wave(wave_id, at=at, by="night")
    handle.progress(len(waves), len(waves))
