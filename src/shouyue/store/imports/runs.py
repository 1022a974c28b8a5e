"""The record of an import: found again by its files, claimed by one process, moved on batch by batch."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.db import transaction

from shouyue.kernel.ids import keyed_id, source_namespace
from shouyue.store.imports import sealing, staging
from shouyue.store.imports.mapping import FilePattern, Mapping, Step, Tally
from shouyue.store.imports.refusals import ImportTakenOverError
from shouyue.store.models.imports import ImportRun, ImportState
from shouyue.store.tabular import file_digest

_NAMESPACE = source_namespace("store:import")


@dataclass(frozen=True, slots=True)
class Input:
    """A file that a step reads."""

    pattern: FilePattern
    path: Path
    digest: str

    @classmethod
    def of(cls, pattern: FilePattern, path: Path) -> "Input":
        return cls(pattern, path, file_digest(path))


@dataclass(frozen=True, slots=True)
class Plan:
    """One step to be done: what, on which files, read how."""

    mapping: Mapping
    step: Step
    inputs: tuple[Input, ...]
    currency: str
    zone: str
    is_rehearsal: bool
    undone: int = 0

    @property
    def run_id(self) -> UUID:
        """The same for the same files read the same way, until it was taken back. undone: how often it was."""
        digests = ",".join(f"{one.pattern.name}={one.digest}" for one in self.inputs)
        way = "rehearsal" if self.is_rehearsal else f"import {self.undone}" if self.undone else "import"
        return keyed_id(_NAMESPACE, f"{self.mapping.name}:{self.step.name}:{digests}:{self.currency}:{self.zone}:{way}")


def after_undos(plan: Plan) -> Plan:
    """The plan behind the imports of the same files that were taken back: it is another import."""
    while ImportRun.objects.filter(pk=plan.run_id, state__in=[ImportState.UNDOING, ImportState.UNDONE]).exists():
        plan = replace(plan, undone=plan.undone + 1)
    return plan


@transaction.atomic
def claim(plan: Plan, *, at: datetime, by: str) -> ImportRun:
    """The run of the plan, claimed for this process unless it is done; a rehearsal starts over."""
    fresh = ImportRun(
        id=plan.run_id,
        mapping=plan.mapping.name,
        step=plan.step.name,
        files=[{"name": one.path.name, "digest": one.digest, "rows": 0} for one in plan.inputs],
        currency=plan.currency,
        zone=plan.zone,
        is_rehearsal=plan.is_rehearsal,
        state=ImportState.CHECKING,
        claim=uuid4(),
        started_at=at,
        by=by,
    )
    ImportRun.objects.bulk_create([fresh], ignore_conflicts=True)
    run = ImportRun.objects.select_for_update().get(pk=fresh.pk)
    if run.state == ImportState.DONE:
        return run
    run.claim = fresh.claim
    run.error = ""
    run.finished_at = None
    if run.state in {ImportState.REHEARSED, ImportState.REFUSED}:
        if plan.step.is_personal:
            sealing.shred_all(run, at=at)
        run.state, run.started_at, run.by = ImportState.CHECKING, at, by
    run.save()
    return run


def hold(run: ImportRun) -> ImportRun:
    """Lock the run in the open transaction and read it anew. Raises ImportTakenOverError if another process has it."""
    current = ImportRun.objects.select_for_update().get(pk=run.pk)
    if current.claim != run.claim:
        raise ImportTakenOverError(str(run.pk))
    return current


@transaction.atomic
def stop(run: ImportRun, *, state: ImportState, error: str, at: datetime, is_personal: bool = False) -> None:
    """Record that the run ended without writing everything; nothing happens if another process has it."""
    held = ImportRun.objects.filter(pk=run.pk, claim=run.claim)
    if held.update(state=state, error=error, finished_at=at) and state == ImportState.REFUSED:
        staging.clear(run.pk)
        if is_personal:
            sealing.shred_staged(run, at=at)


def tally(run: ImportRun) -> Tally:
    """The run's counters."""
    return Tally(run.created, run.updated, run.unchanged, run.rejected)
