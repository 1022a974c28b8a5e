"""The commit: staged rows are written batch by batch, each in one transaction with the run's cursor behind it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouyue.store.imports import late, runs, staging
from shouyue.store.imports.mapping import Batch, Finished, Outcomes, StagedDraft
from shouyue.store.imports.progress import Progress
from shouyue.store.imports.runs import Plan
from shouyue.store.imports.sealing import RunSeal, shred_staged
from shouyue.store.imports.staging import Rejected
from shouyue.store.models.imports import ImportRun, ImportState

BATCH_ROWS = 10_000


class LoaderLostRowsError(Exception):
    """A loader gave another number of outcomes than rows: a defect of the loader, nothing of the batch was written."""


def commit(
    plan: Plan,
    run: ImportRun,
    progress: Progress,
    *,
    now: Callable[[], datetime],
    by: str,
    seal: RunSeal | None = None,
) -> None:
    """Write what is staged, from the run's cursor on, and finish the run.

    A rehearsal runs the same statements and takes each batch back.
    """
    run = ImportRun.objects.get(pk=run.pk, claim=run.claim)
    after = (run.cursor_customer_id, run.cursor_group_id) if run.cursor_customer_id and run.cursor_group_id else None
    progress.start(run.rows_total - run.created - run.updated - run.unchanged - run.rejected)
    for rows in staging.batches(run.pk, after=after, rows_aim=BATCH_ROWS, seal=seal):
        _write(plan, run, Batch(run.pk, plan.currency, rows, now(), by), seal)
        progress.advance("commit", len(rows))
    late.fill_cells(plan, run, seal)
    _finish(plan, run, at=now(), by=by)


@transaction.atomic
def _write(plan: Plan, run: ImportRun, batch: Batch, seal: RunSeal | None) -> None:
    current = runs.hold(run)
    with transaction.atomic():
        outcomes = plan.step.load(batch)
        # Taken back are the loader's rows; the run's counters below stay.
        transaction.set_rollback(plan.is_rehearsal)
    _advance(current, batch.rows, outcomes, seal)


def _advance(run: ImportRun, rows: Sequence[StagedDraft], outcomes: Outcomes, seal: RunSeal | None) -> None:
    """Add the batch's outcomes to the run and move its cursor behind the batch's last row."""
    if outcomes.tally.rows != len(rows):
        raise LoaderLostRowsError(f"{outcomes.tally.rows} outcomes for {len(rows)} rows")
    refused = [Rejected.of(why, rows[place].file_number, rows[place].row_number) for place, why in outcomes.rejected]
    staging.reject(run.pk, refused, seal)
    run.created += outcomes.created
    run.updated += outcomes.updated
    run.unchanged += outcomes.unchanged
    run.rejected += len(refused)
    run.cursor_customer_id, run.cursor_group_id = UUID(rows[-1].customer_id), UUID(rows[-1].group_id)
    run.save()


@transaction.atomic
def _finish(plan: Plan, run: ImportRun, *, at: datetime, by: str) -> None:
    current = runs.hold(run)
    staging.clear(run.pk)
    if plan.step.is_personal:
        shred_staged(current, at=at)
    current.state = ImportState.REHEARSED if plan.is_rehearsal else ImportState.DONE
    current.finished_at = at
    current.save()
    if not plan.is_rehearsal:
        plan.step.finish(Finished(run.pk, plan.mapping.name, plan.step.name, runs.tally(current), at, by))
