"""The background work on an upload: rehearse or import it, tell how far, and leave no file behind."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.intake.models import Upload, uploads_folder
from shouyue.kernel import clock
from shouyue.store.jobs import Handle, JobFailedError, job
from shouyue.store.models import JobRun, JobState

if TYPE_CHECKING:  # what reads files costs every process half a second that only an import needs
    from shouyue.store.imports.engine import StepReport
    from shouyue.store.imports.progress import Progressed

KEPT = timedelta(days=7)
_PHASES = {"check": gettext_noop("Checking the rows"), "commit": gettext_noop("Writing the rows")}
_OUTCOME = gettext_noop(
    "%(rows)s rows: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(rejected)s rejected"
)


class UploadClosedError(Exception):
    """The import of the file has begun, or the file is gone: nothing can be changed any more."""


@job(name="intake.import_upload", title=_("Import of an uploaded file"))
def import_upload(handle: Handle, *, upload: str, is_rehearsal: bool) -> None:
    """Rehearse or import an upload. The import's own record is the cursor: killed at any moment, it goes on there."""
    from shouyue.intake.targets import mapping_of
    from shouyue.store.imports import engine
    from shouyue.store.imports.refusals import ImportRefusedError, ImportTakenOverError
    from shouyue.store.tabular import FileRefusedError

    found = Upload.objects.get(pk=UUID(upload))
    if found.imported_at:
        remove_file(found, at=clock.now())
        return
    if found.removed_at:
        raise JobFailedError(_("The file is no longer kept. Upload it again."))
    request = engine.Request([Path(found.path)], handle.by, found.currency, found.zone, is_rehearsal=is_rehearsal)
    try:
        mapping = mapping_of(found)
        [plan] = engine.plan_runs(mapping, request)
        _note_run(found, handle, plan.run_id, is_rehearsal=is_rehearsal)
        [report] = engine.import_files(mapping, request, now=clock.now, report=_teller(handle))
    except (ImportRefusedError, FileRefusedError) as refused:
        raise JobFailedError(refused.message) from refused
    except ImportTakenOverError as taken:
        raise JobFailedError(_("Another process has taken up the same import; it goes on there.")) from taken
    if not is_rehearsal:
        Upload.objects.filter(pk=found.pk).update(imported_at=clock.now())
        remove_file(found, at=clock.now())
    _tell_outcome(handle, report)


@transaction.atomic
def remove_file(upload: Upload, *, at: datetime) -> None:
    """Delete the file's bytes, unless an import still reads them; a second time changes nothing."""
    held = Upload.objects.select_for_update().get(pk=upload.pk)
    if held.import_job and not held.imported_at:
        unfinished = JobRun.objects.filter(pk=held.import_job, state__in=[JobState.WAITING, JobState.RUNNING])
        if unfinished.exists():
            return
    shutil.rmtree(held.folder, ignore_errors=True)
    if held.removed_at is None:
        held.removed_at = at
        held.save(update_fields=["removed_at"])


def sweep(*, at: datetime) -> int:
    """Delete files that came more than a week ago, and pieces of uploads that broke off; returns how many."""
    old = Upload.objects.filter(removed_at__isnull=True, uploaded_at__lt=at - KEPT).order_by("uploaded_at")
    count = 0
    for upload in old.iterator(chunk_size=200):
        remove_file(upload, at=at)
        count += 1
    for piece in uploads_folder().glob("incoming-*"):
        if piece.stat().st_mtime < (at - KEPT).timestamp():
            piece.unlink(missing_ok=True)
            count += 1
    return count


def _note_run(upload: Upload, handle: Handle, run_id: UUID, *, is_rehearsal: bool) -> None:
    """Let the screens find the import's record, unless another choice has started another job since."""
    if is_rehearsal:
        Upload.objects.filter(pk=upload.pk, rehearsal_job=handle.run_id).update(rehearsal_run=run_id)
    else:
        Upload.objects.filter(pk=upload.pk).update(import_run=run_id)


def _teller(handle: Handle) -> "Callable[[Progressed], None]":
    def tell(told: "Progressed") -> None:
        handle.progress(told.rows_done, told.rows_total, rate=told.rows_per_second, message=_PHASES[told.phase])

    return tell


def _tell_outcome(handle: Handle, report: "StepReport") -> None:
    names = ("created", "updated", "unchanged", "rejected")
    values = {name: getattr(report.tally, name) for name in names}
    handle.progress(report.rows, report.rows, message=_OUTCOME, values={"rows": report.rows, **values})
