"""Background work of expiry."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.membership.expiry.actions import notice_expiry
from shouyue.store.jobs import Handle, job


@job(name="membership.notice_expiry", title=_("Points that expire soon"), retries=3, schedule="30 0 * * *")
def notice(handle: Handle) -> None:
    """Note what members are to be told: 30, 7 and 1 days before points expire."""
    at = clock.now()
    count = notice_expiry(on=timezone.localdate(at), at=at, by="night")
    handle.progress(count, count)
