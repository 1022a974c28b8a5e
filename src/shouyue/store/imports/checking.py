"""The check: every row of the files becomes a staged draft or a rejection; nothing else is written."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from shouyue.store.imports import runs, staging
from shouyue.store.imports.mapping import Draft, RowParser, RowRejectedError
from shouyue.store.imports.progress import Progress
from shouyue.store.imports.runs import Plan
from shouyue.store.imports.sealing import RunSeal
from shouyue.store.imports.staging import Rejected
from shouyue.store.models.imports import ImportRejection, ImportRun, ImportState
from shouyue.store.tabular import BadRow, Row, Table

CHUNK_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file of the run. is_lookup: nothing of it is staged or counted. is_again: its rejections are recorded.

    seal: closes what is kept of rows with personal values.
    """

    number: int
    parser: RowParser
    is_lookup: bool
    is_again: bool
    seal: RunSeal | None


def check(plan: Plan, run: ImportRun, progress: Progress, seal: RunSeal | None = None) -> None:
    """Stage all rows of the run's files, from the start. Raises FileRefusedError, ImportTakenOverError.

    A run that has written batches already lost its staging in a crash: its rejections and counters stay as they are.
    """
    with ExitStack() as files:
        # All are opened before the first row is staged: a wrong file is refused while nothing has happened.
        tables = [files.enter_context(one.pattern.open(one.path)) for one in plan.inputs]
        is_again = _begin(run)
        reader = plan.step.reader(plan.zone)
        for number, (one, table) in enumerate(zip(plan.inputs, tables, strict=True)):
            parser = reader.parser(one.pattern.name, table.columns)
            part = FilePart(number, parser, is_lookup=one.pattern.is_lookup, is_again=is_again, seal=seal)
            rows = _check_file(run, part, table, progress)
            if not is_again:
                _note_file(run, part, table.columns, rows)
    _end(run, is_again, seal)


def _begin(run: ImportRun) -> bool:
    with transaction.atomic():
        current = runs.hold(run)
        is_again = current.cursor_customer_id is not None
        staging.clear(run.pk)
        current.state = ImportState.CHECKING
        if not is_again:
            ImportRejection.objects.filter(run_id=run.pk).delete()
            current.rows_total = current.created = current.updated = current.unchanged = current.rejected = 0
        current.save()
    return is_again


def _check_file(run: ImportRun, part: FilePart, table: Table, progress: Progress) -> int:
    """Stage the rows of one file and record its rejections. Returns the number of rows."""
    rows, total = table.rows(), 0
    for chunk in _chunks(rows):
        if part.is_lookup:
            deque(_drafts(chunk, part, []), maxlen=0)
        else:
            _keep(run, part, chunk)
        total += len(chunk)
        progress.advance("check", len(chunk))
    return total


@transaction.atomic
def _keep(run: ImportRun, part: FilePart, chunk: Sequence[Row]) -> None:
    """Stage a chunk; its rows are parsed while the database takes in those before."""
    current = runs.hold(run)
    rejected: list[Rejected] = []
    staging.stage(run.pk, part.number, _drafts(chunk, part, rejected), part.seal)
    if rejected and not part.is_again:
        staging.reject(run.pk, rejected, part.seal)
        current.rejected += len(rejected)
        current.save(update_fields=["rejected"])


def _drafts(chunk: Sequence[Row], part: FilePart, rejected: list[Rejected]) -> Iterator[tuple[int, Draft]]:
    """The drafts of a chunk with their row numbers; rows that are turned away go to `rejected`."""
    parser = part.parser
    for row in chunk:
        if isinstance(row, BadRow):
            rejected.append(Rejected(part.number, row.number, row.code, "", "", [row.raw], row.details))
            continue
        try:
            draft = parser(row[1])
        except RowRejectedError as wrong:
            rejected.append(Rejected.of(wrong, part.number, row[0], row[1]))
        else:
            if draft is not None:
                yield row[0], draft


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield chunk


@transaction.atomic
def _note_file(run: ImportRun, part: FilePart, columns: Sequence[str], rows: int) -> None:
    current = runs.hold(run)
    current.files[part.number] |= {"rows": rows, "columns": columns}
    if not part.is_lookup:
        current.rows_total += rows
    current.save(update_fields=["files", "rows_total"])


@transaction.atomic
def _end(run: ImportRun, is_again: bool, seal: RunSeal | None) -> None:
    current = runs.hold(run)
    parted = staging.groups_of_several_customers(run.pk)
    if not is_again:
        staging.reject(run.pk, parted, seal)
        current.rejected += len(parted)
    current.state = ImportState.COMMITTING
    current.save(update_fields=["state", "rejected"])
