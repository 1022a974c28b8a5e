"""Background work of lists."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouyue.customers.lists.actions.undoing import forget_earlier_values
from shouyue.kernel import clock
from shouyue.store.imports.undoing import KEPT
from shouyue.store.jobs import Handle, job

_BATCH = 5_000


@job(
    name="customers.forget_earlier_values",
    title=_("Forget the earlier values of imports that can no longer be taken back"),
    retries=3,
    schedule="40 3 * * *",
)
def forget_values(handle: Handle) -> None:
    """Delete what imports kept for their undo, 90 days after them."""
    done = int(handle.cursor or 0)
    while True:
        with transaction.atomic():
            deleted = forget_earlier_values(before=clock.now() - KEPT, rows_max=_BATCH)
            done += deleted
            handle.save_cursor(done, is_last=not deleted)
        if not deleted:
            return
        handle.progress(done)
