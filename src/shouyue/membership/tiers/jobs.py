"""Background work of tiers."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.membership.programme.public import version_on
from shouyue.membership.tiers.actions.reviewing import review_tiers
from shouyue.membership.tiers.queries.members import members_after
from shouyue.store.jobs import Handle, job

_BATCH = 5000


@job(name="membership.review_tiers", title=_("Review of tiers"), retries=3, schedule="20 1 * * *")
def review(handle: Handle) -> None:
    """Record every change of a tier, batch by batch, and warn who is about to lose one."""
    at = clock.now()
    on = timezone.localdate(at)
    if version_on(on) is None:
        return
    done = 0
    last = UUID(handle.cursor) if handle.cursor else None
    while batch := members_after(last, most=_BATCH):
        last, done = batch[-1], done + len(batch)
        with transaction.atomic():
            review_tiers(batch, on=on, at=at, by="night")
            handle.save_cursor(str(last))
        handle.progress(done)
    handle.progress(done, done)
