"""Imports files through a mapping: checked whole, then written batch by batch; killed at any moment, it resumes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import list_currencies
from django.conf import settings
from django.db import DatabaseError

from shouyue.store.imports import runs, staging
from shouyue.store.imports.checking import check
from shouyue.store.imports.committing import commit
from shouyue.store.imports.mapping import FilePattern, Mapping, Step, Tally
from shouyue.store.imports.progress import Progress, Progressed, silent
from shouyue.store.imports.reasons import reason
from shouyue.store.imports.refusals import ImportRefusedError, ImportTakenOverError, refuse
from shouyue.store.imports.runs import Input, Plan
from shouyue.store.imports.sealing import RunSeal
from shouyue.store.models.imports import ImportRejection, ImportRun, ImportState
from shouyue.store.tabular import FileRefusedError
from shouyue.store.tabular.messages import Message


@dataclass(frozen=True, slots=True)
class StepReport:
    """What became of one step. was_done: the same files had been imported before; their rows count as unchanged."""

    run_id: UUID
    step: str
    title: Message
    rows: int
    tally: Tally
    was_done: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What to import and how. currency, zone: None means the mapping's own."""

    paths: Sequence[Path]
    by: str
    currency: str | None = None
    zone: str | None = None
    is_rehearsal: bool = False


def import_files(
    mapping: Mapping,
    request: Request,
    *,
    now: Callable[[], datetime],
    report: Callable[[Progressed], None] = silent,
) -> list[StepReport]:
    """Import the files, step by step. The same call again resumes what was interrupted, or finds it done.

    now: reads the clock. report: told after each chunk of rows.
    Memory: one chunk of rows, and what the mapping's readers keep to look things up.
    Raises ImportRefusedError or FileRefusedError (nothing of that step was written; every file of every step was opened
    before the first row), ImportTakenOverError (another process has taken up the same import). Anything else, such
    as a lost database, leaves a run that can be resumed.
    """
    plans = plan_runs(mapping, request)
    for plan in plans[1:]:
        # The first step opens its files before it writes; a wrong file of a later one must be found as early.
        _open_all(plan)
    return [_run(plan, now=now, by=request.by, progress=Progress(report)) for plan in plans]


def plan_runs(mapping: Mapping, request: Request) -> list[Plan]:
    """As `plan_steps`, and behind imports of the same files that were taken back: those are asked of the database."""
    return [runs.after_undos(plan) for plan in plan_steps(mapping, request)]


def plan_steps(mapping: Mapping, request: Request) -> list[Plan]:
    """The steps that the files allow, each with its files; asks no database.

    Raises ImportRefusedError, FileRefusedError.
    """
    currency, zone = request.currency or mapping.currency, request.zone or mapping.zone
    if currency not in list_currencies():
        refuse("unknown-currency", name=currency)
    _must_be_zone(zone)
    paths = _files(request.paths)
    plans, read = [], set()
    for step in mapping.steps:
        inputs = _inputs(step, paths)
        read |= {one.path for one in inputs}
        if not inputs:
            continue  # all of its files may be missing, and are
        if step.is_personal and settings.SHOUYUE_KEYS is None:
            refuse("keys-missing")
        plans.append(Plan(mapping, step, inputs, currency, zone, request.is_rehearsal))
    surplus = [path.name for path in request.paths if path.is_file() and path not in read]
    if surplus:
        refuse("surplus-files", names=tuple(surplus))
    return plans


def _open_all(plan: Plan) -> None:
    for one in plan.inputs:
        one.pattern.open(one.path).close()


def _run(plan: Plan, *, now: Callable[[], datetime], by: str, progress: Progress) -> StepReport:
    run = runs.claim(plan, at=now(), by=by)
    if run.state == ImportState.DONE:
        known = Tally(unchanged=run.rows_total - run.rejected, rejected=run.rejected)
        return StepReport(run.pk, run.step, plan.step.title, run.rows_total, known, was_done=True)
    try:
        _check_and_commit(plan, run, now=now, by=by, progress=progress)
    except (FileRefusedError, ImportRefusedError) as refused:
        runs.stop(run, state=ImportState.REFUSED, error=str(refused), at=now(), is_personal=plan.step.is_personal)
        raise
    except ImportTakenOverError:
        raise
    except Exception as error:
        # If it is the database that failed, the run keeps its state, which can be resumed as well.
        with suppress(DatabaseError):
            runs.stop(run, state=ImportState.FAILED, error=repr(error), at=now())
        raise
    run = ImportRun.objects.get(pk=run.pk)
    return StepReport(run.pk, run.step, plan.step.title, run.rows_total, runs.tally(run), was_done=False)


def _check_and_commit(plan: Plan, run: ImportRun, *, now: Callable[[], datetime], by: str, progress: Progress) -> None:
    seal = RunSeal(run, at=now()) if plan.step.is_personal else None
    # A crash of the database empties the staging table; the check then fills it again, the same as before.
    if run.state != ImportState.COMMITTING or not staging.has_rows(run.pk):
        progress.start(0)
        check(plan, run, progress, seal)
        _refuse_unusable(run)
    commit(plan, run, progress, now=now, by=by, seal=seal)


def _refuse_unusable(run: ImportRun) -> None:
    run = ImportRun.objects.get(pk=run.pk)
    if run.rejected < run.rows_total or not run.rows_total:
        return
    first = ImportRejection.objects.filter(run_id=run.pk).order_by("file_number", "row_number")[0]
    why = reason(first.code, column=first.column, value=first.value, details=first.details)
    refuse("no-row-usable", rows=run.rows_total, row=first.row_number, reason=why)


def _files(paths: Sequence[Path]) -> list[Path]:
    if not paths:
        refuse("no-file")
    found: list[Path] = []
    for path in paths:
        found += sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    return found


def _inputs(step: Step, paths: Sequence[Path]) -> tuple[Input, ...]:
    inputs = []
    for pattern in step.files:
        path = pattern.find(paths)
        if path is not None:
            inputs.append(Input.of(pattern, path))
        elif not pattern.is_optional:
            _refuse_missing(pattern, paths)
    return tuple(inputs)


def _refuse_missing(pattern: FilePattern, paths: Sequence[Path]) -> None:
    refuse("file-missing", wanted=pattern.patterns[0], found=tuple(path.name for path in paths))


def _must_be_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        refuse("unknown-zone", name=name)


__all__ = [
    "ImportRefusedError",
    "ImportTakenOverError",
    "Request",
    "StepReport",
    "import_files",
    "plan_runs",
    "plan_steps",
]
