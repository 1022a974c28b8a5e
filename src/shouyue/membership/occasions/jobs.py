"""Background work of occasions."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.membership.occasions.actions import award_birthdays
from shouyue.membership.persons.public import walk_members
from shouyue.membership.programme.public import version_on
from shouyue.store.jobs import Handle, job

_BATCH = 1000


@job(name="membership.award_birthdays", title=_("Points for birthdays"), retries=3, schedule="5 8 * * *")
def birthdays(handle: Handle) -> None:
    """Read the birthdays of all members, batch by batch, and give points where it is one."""
    at = clock.now()
    on = timezone.localdate(at)
    if version_on(on) is None:
        return
    walk_members(handle, lambda batch: award_birthdays(batch, on=on, at=at, by="worker"), most=_BATCH)
