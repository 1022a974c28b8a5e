"""Background work of tiers."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.membership.persons.public import walk_members
from shouyue.membership.programme.public import version_on
from shouyue.membership.tiers.actions.reviewing import review_tiers
from shouyue.store.jobs import Handle, job

_BATCH = 5000


@job(name="membership.review_tiers", title=_("Review of tiers"), retries=3, schedule="20 1 * * *")
def review(handle: Handle) -> None:
    """Record every change of a tier, batch by batch, and warn who is about to lose one."""
    at = clock.now()
    on = timezone.localdate(at)
    if version_on(on) is None:
        return
    walk_members(handle, lambda batch: review_tiers(batch, on=on, at=at, by="night"), most=_BATCH)
