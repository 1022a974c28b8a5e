"""Background work of undos."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.purchases.undoing.actions.remembering import forget_order_changes
from shouyue.purchases.undoing.actions.unnaming import forget_named_entries
from shouyue.store.imports.undoing import KEPT
from shouyue.store.jobs import Handle, job

_BATCH = 5_000


@job(
    name="purchases.forget_order_changes",
    title=_("Forget what imports of orders made that can no longer be taken back"),
    retries=3,
    schedule="45 3 * * *",
)
def forget_changes(handle: Handle) -> None:
    """Delete what imports kept for their undo, 90 days after them."""
    done = int(handle.cursor or 0)
    while True:
        with transaction.atomic():
            deleted = forget_order_changes(before=clock.now() - KEPT, rows_max=_BATCH)
            done += deleted
            if not deleted:
                forget_named_entries()
            handle.save_cursor(done, is_last=not deleted)
        if not deleted:
            return
        handle.progress(done)
