"""Background work of occasions."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.membership.occasions.actions import award_birthdays
from shouyue.membership.programme.public import version_on
from shouyue.membership.tiers.public import members_after
from shouyue.store.jobs import Handle, job

_BATCH = 1000


@job(name="membership.award_birthdays", title=_("Points for birthdays"), retries=3, schedule="5 8 * * *")
def birthdays(handle: Handle) -> None:
    """Read the birthdays of all members, batch by batch, and give points where it is one."""
    at = clock.now()
    on = timezone.localdate(at)
    if version_on(on) is None:
        return
    done, last = 0, UUID(handle.cursor) if handle.cursor else None
    while batch := members_after(last, most=_BATCH):
        last, done = batch[-1], done + len(batch)
        with transaction.atomic():
            award_birthdays(batch, on=on, at=at, by="worker")
            handle.save_cursor(str(last))
        handle.progress(done)
    handle.progress(done, done)
