"""Taking an import back: customer by customer in the order of their ids, in batches, killed at any moment it goes on.

A rehearsal runs the same statements and takes each batch back, so that its counts are those of the undo. What upper
rooms would do about it (points that are taken back) they count in the same transaction.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from shouyue.store.contributions import consequences
from shouyue.store.imports.mapping import Undo, UndoBatch, UndoFinished, Undone
from shouyue.store.models.facts import Fact, PendingFact
from shouyue.store.models.imports import ImportKept, ImportRun, ImportState, ImportUndo

BATCH_RECORDS = 1_000
KEPT: Final = timedelta(days=90)
RESTORED, REMOVED, UNTOUCHED = "restored", "removed", "untouched"


class NotUndoableError(Exception):
    """The import is unfinished, too old, or being taken back already; or the undo was not rehearsed."""


@transaction.atomic
def rehearse_undo(run_id: UUID, *, job: UUID, by: str, at: datetime) -> ImportUndo:
    """Begin a rehearsal; one that went before is forgotten. Raises NotUndoableError."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if not is_undoable(run, at=at):
        raise NotUndoableError
    return _begin(run, is_rehearsal=True, job=job, by=by, at=at)


@transaction.atomic
def begin_undo(run_id: UUID, *, job: UUID, by: str, at: datetime) -> ImportUndo:
    """Begin the undo that was rehearsed; from now on the same files are another import. Raises NotUndoableError."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    rehearsed = ImportUndo.objects.filter(pk=run_id, is_rehearsal=True, finished_at__isnull=False).exists()
    if not rehearsed or not is_undoable(run, at=at):
        raise NotUndoableError
    run.state = ImportState.UNDOING
    run.save(update_fields=["state"])
    return _begin(run, is_rehearsal=False, job=job, by=by, at=at)


def is_undoable(run: ImportRun, *, at: datetime) -> bool:
    """Whether the earlier values of a finished import are still kept."""
    return run.state == ImportState.DONE and run.finished_at is not None and run.finished_at > at - KEPT


def carry_out(
    run_id: UUID,
    undo: Undo,
    *,
    job: UUID,
    now: Callable[[], datetime],
    keep_place: Callable[[bool], None],
    report: Callable[[int, int], None],
) -> None:
    """Do what is left of the undo or of its rehearsal; nothing once another job has taken its place.

    keep_place: called in each batch's transaction, with whether it was the last. report: records done, of how many.
    """
    while (work := _one_batch(run_id, undo, job=job, at=now(), keep_place=keep_place)) is not None:
        run = ImportRun.objects.get(pk=run_id)
        report(work.restored + work.removed + work.kept, run.rows_total)


@transaction.atomic
def _one_batch(
    run_id: UUID, undo: Undo, *, job: UUID, at: datetime, keep_place: Callable[[bool], None]
) -> ImportUndo | None:
    """The undo after one more batch; None once it is through."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    work = ImportUndo.objects.get(pk=run_id)
    if work.job != job or work.finished_at is not None:
        return None
    with transaction.atomic():
        done = undo.take_back(UndoBatch(run_id, work.cursor, BATCH_RECORDS, at, work.by))
        if work.is_rehearsal:
            foreseen = consequences.counted(_announced(at, work.by), at=at)
            work.foreseen = consequences.added(work.foreseen, foreseen)
        transaction.set_rollback(work.is_rehearsal)
    if done:
        _advance(work, done)
    else:
        _finish(run, work, undo, at)
    keep_place(not done)
    return work if done else None


def _announced(at: datetime, by: str) -> list[Fact]:
    """What this transaction announced: nothing else of that moment and by that person waits for its position."""
    waiting = PendingFact.objects.values("fact_id")
    return list(Fact.objects.filter(pk__in=waiting, recorded_at=at, actor=by).order_by("pk"))


def _advance(work: ImportUndo, done: Sequence[Undone]) -> None:
    counts: Counter[str] = Counter()
    for one in done:
        counts[one.outcome] += one.rows
    work.restored += counts.pop(RESTORED, 0)
    work.removed += counts.pop(REMOVED, 0)
    counts.pop(UNTOUCHED, None)
    work.kept += counts.total()
    work.cursor = done[-1].customer_id
    work.save()
    ImportKept.objects.bulk_create(
        ImportKept(
            run_id=work.run_id,
            subject_id=one.subject_id,
            customer_id=one.customer_id,
            file_number=one.file_number,
            row_number=one.row_number,
            reason=one.outcome,
            label=one.label,
        )
        for one in done
        if one.outcome not in {RESTORED, REMOVED, UNTOUCHED}
    )


def _finish(run: ImportRun, work: ImportUndo, undo: Undo, at: datetime) -> None:
    work.untouched = run.rows_total - work.restored - work.removed - work.kept
    work.finished_at = at
    work.save()
    if not work.is_rehearsal:
        run.state = ImportState.UNDONE
        run.save(update_fields=["state"])
        undo.finish(UndoFinished(run.pk, run.step, work.restored, work.removed, work.kept, at, work.by))


def _begin(run: ImportRun, *, is_rehearsal: bool, job: UUID, by: str, at: datetime) -> ImportUndo:
    ImportKept.objects.filter(run_id=run.pk).delete()
    ImportUndo.objects.filter(pk=run.pk).delete()
    work = ImportUndo(run=run, is_rehearsal=is_rehearsal, job=job, by=by, asked_at=at)
    work.save(force_insert=True)
    return work
