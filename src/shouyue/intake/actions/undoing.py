"""Taking an import back: rehearse it, show what would become of each record, then do it in the background."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.kernel import clock
from shouyue.store.imports import undoing
from shouyue.store.jobs import Handle, JobFailedError, enqueue, job
from shouyue.store.models import ImportRun, ImportUndo

_PHASE = gettext_noop("Looking at each record of the import")


@job(name="intake.undo_import", title=_("Taking an import back"))
def undo_import(handle: Handle, *, run: str) -> None:
    """Do the undo, or its rehearsal, from where it stands. Its record is the cursor: killed, it goes on there."""
    from shouyue.intake.targets import undo_of

    found = ImportRun.objects.get(pk=UUID(run))
    undo = undo_of(found)
    if undo is None:
        raise JobFailedError(_("Records of this kind stay as they came in."))

    def keep_place(is_last: bool) -> None:
        handle.save_cursor(None, is_last=is_last)

    def report(done: int, total: int) -> None:
        handle.progress(done, total, message=_PHASE)

    undoing.carry_out(found.pk, undo, job=handle.run_id, now=clock.now, keep_place=keep_place, report=report)


@transaction.atomic
def rehearse_undo(run_id: UUID, *, by: str, at: datetime) -> ImportUndo:
    """Have a worker find out what would become of each record; writes nothing. Raises NotUndoableError."""
    return undoing.rehearse_undo(run_id, job=_start(run_id, by), by=by, at=at)


@transaction.atomic
def begin_undo(run_id: UUID, *, by: str, at: datetime) -> ImportUndo:
    """Have a worker take the import back, once it was rehearsed. Raises NotUndoableError."""
    return undoing.begin_undo(run_id, job=_start(run_id, by), by=by, at=at)


def _start(run_id: UUID, by: str) -> UUID:
    return enqueue(undo_import, {"run": str(run_id)}, by=by).pk
