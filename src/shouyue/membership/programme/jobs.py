"""Background work of the programme."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.membership.programme.actions.budgets import close_used_up
from shouyue.store.jobs import Handle, job


@job(name="membership.close_budgets", title=_("Budgets of rules and campaigns"), retries=3, schedule="25 * * * *")
def close_budgets(handle: Handle) -> None:
    """Close what has given all that it may; it still counts on the day on which it is closed."""
    at = clock.now()
    closed = close_used_up(on=timezone.localdate(at), at=at, by="worker")
    handle.progress(len(closed), len(closed))
