"""Background work of the intake room."""

from django.utils.translation import gettext_lazy as _

from shouyue.intake.actions.carrying import import_upload, sweep
from shouyue.intake.actions.undoing import undo_import
from shouyue.kernel import clock
from shouyue.store.jobs import Handle, job

__all__ = ["forget_uploads", "import_upload", "undo_import"]


@job(
    name="intake.forget_uploads", title=_("Delete uploaded files that are a week old"), retries=3, schedule="20 3 * * *"
)
def forget_uploads(handle: Handle) -> None:
    """Delete what nobody imported within a week."""
    count = sweep(at=clock.now())
    handle.progress(count, count)
