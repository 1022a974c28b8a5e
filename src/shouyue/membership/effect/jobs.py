"""Background work of the effect."""

from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.membership.effect.actions import measure_effect
from shouyue.store.jobs import Handle, job


@job(name="membership.measure_effect", title=_("Effect of the programme"), retries=3, schedule="50 1 * * *")
def measure(handle: Handle) -> None:
    """Count every night who comes back and who brings friends."""
    measure_effect(at=clock.now(), by="night")
    handle.progress(1, 1)
