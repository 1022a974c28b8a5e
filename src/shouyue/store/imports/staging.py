"""The table of checked rows that wait, and the rows that were turned away: written by COPY, read by customer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

from shouyue.kernel.masking import HIDDEN
from shouyue.store.copying import copy_rows, escaped
from shouyue.store.imports.mapping import Draft, RowRejectedError, StagedDraft
from shouyue.store.imports.sealing import RunSeal
from shouyue.store.models.imports import ImportRejection, StagedRow
from shouyue.store.tabular.messages import shortened

BARE = "bare"  # holds what is said of a sealed row until its cells are known
_CELL_MAX = 2_000
_VALUE_MAX = 200
_COLUMN_MAX = 120
_STAGED = ("run_id", "customer_id", "group_id", "file_number", "row_number", "payload")
_REJECTED = ("run_id", "file_number", "row_number", "column", "code", "value", "details", "cells")

Cursor = tuple[UUID, UUID] | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row to be turned away. cells: as they stand in the file."""

    file_number: int
    row_number: int
    code: str
    column: str
    value: object
    cells: Sequence[object] = ()
    details: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, error: RowRejectedError, file_number: int, row_number: int, cells: Sequence[object] = ()) -> "Rejected":
        return cls(file_number, row_number, error.code, error.column, error.value, cells)


def stage(run_id: UUID, file_number: int, drafts: Iterable[tuple[int, Draft]], seal: RunSeal | None = None) -> None:
    """Append drafts of one file with their row numbers."""
    head, dumps = str(run_id), orjson.dumps
    if seal:
        lines = (
            f"{head}\t{customer}\t{group}\t{file_number}\t{number}\t{seal.staged(dumps(content), file_number, number)}"
            for number, (customer, group, content) in drafts
        )
        copy_rows(StagedRow._meta.db_table, _STAGED, lines)
        return
    copy_rows(
        StagedRow._meta.db_table,
        _STAGED,
        (
            # JSON holds no raw tab or line end; only its own backslashes need doubling.
            f"{head}\t{customer}\t{group}\t{file_number}\t{number}\t{_doubled(dumps(content).decode())}"
            for number, (customer, group, content) in drafts
        ),
    )


def reject(run_id: UUID, rows: Iterable[Rejected], seal: RunSeal | None = None) -> None:
    """Record rows that are turned away."""
    copy_rows(ImportRejection._meta.db_table, _REJECTED, (_rejection_line(run_id, row, seal) for row in rows))


def has_rows(run_id: UUID) -> bool:
    """Whether any row of the run is staged."""
    return StagedRow.objects.filter(run_id=run_id).exists()


def clear(run_id: UUID) -> None:
    """Remove what is staged for the run."""
    StagedRow.objects.filter(run_id=run_id).delete()


def batches(run_id: UUID, *, after: Cursor, rows_aim: int, seal: RunSeal | None = None) -> Iterator[list[StagedDraft]]:
    """Batches of whole customers in order; a customer with more than `rows_aim` rows is parted between groups.

    after: the last customer and group that are written already. Each batch may be written in its own transaction.
    """
    with connection.cursor() as cursor:
        # Sorted once and held over commits. A query for each batch was planned without statistics and sorted anew.
        cursor.execute(_HOLD, [run_id, *(after or (_BEFORE_ALL, _BEFORE_ALL))])
        rows: list[StagedDraft] = []
        try:
            while more := _fetch(cursor, rows_aim, seal):
                rows += more
                whole = _whole(rows)
                if whole:
                    yield whole
                    rows = rows[len(whole) :]
            if rows:
                yield rows
        finally:
            with suppress(DatabaseError):  # gone already if the transaction around it failed
                cursor.execute("CLOSE staged_rows")


def groups_of_several_customers(run_id: UUID) -> list[Rejected]:
    """Rows of a group whose customer is not the one of the group's first row; they are removed from the staging."""
    with connection.cursor() as cursor:
        # Two statements: the table has just been filled, and a join planned without statistics took minutes.
        cursor.execute(_PARTED, [run_id])
        groups = [row[0] for row in cursor.fetchall()]
        if not groups:
            return []
        cursor.execute(_OTHER_CUSTOMER, [run_id, groups, run_id])
        found = cursor.fetchall()
    return [Rejected(file, row, "other_customer", "", "") for file, row in found]


def _fetch(cursor: CursorWrapper, limit: int, seal: RunSeal | None) -> list[StagedDraft]:
    cursor.execute("FETCH %s FROM staged_rows", [limit])
    loads = orjson.loads
    if seal:
        rows = cursor.fetchall()
        return [StagedDraft(a, b, c, d, loads(seal.opened(payload, c, d))) for a, b, c, d, payload in rows]
    return [StagedDraft(a, b, c, d, loads(payload)) for a, b, c, d, payload in cursor.fetchall()]


def _whole(rows: list[StagedDraft]) -> list[StagedDraft]:
    """Without the last customer, who may go on; if there is no other, without the last group; perhaps nothing."""
    for key in (0, 1):
        last = rows[-1][key]
        end = next(index for index, row in enumerate(rows) if row[key] == last)
        if end:
            return rows[:end]
    return []


def shown_cells(cells: Iterable[object]) -> list[str]:
    """A row as it is kept with its rejection: text, very long cells shortened."""
    return [shortened(_clean(cell), _CELL_MAX) for cell in cells]


def _rejection_line(run_id: UUID, row: Rejected, seal: RunSeal | None) -> str:
    value, details = shortened(_clean(row.value), _VALUE_MAX), dict(row.details)
    cells: list[str] | dict[str, str] | str = shown_cells(row.cells)
    if seal:
        # Without cells it gets them later (late.py), sealed with what is said here.
        cells = _boxed(row, seal) if row.cells else {BARE: _boxed(row, seal)}
        value, details = HIDDEN if value else "", {}
    values = (
        str(run_id),
        str(row.file_number),
        str(row.row_number),
        shortened(row.column, _COLUMN_MAX),
        row.code,
        value,
        orjson.dumps(details, default=str).decode(),
        orjson.dumps(cells).decode(),
    )
    return "\t".join(map(escaped, values))


def _boxed(row: Rejected, seal: RunSeal) -> str:
    value, cells = shortened(_clean(row.value), _VALUE_MAX), shown_cells(row.cells)
    place = {"file_number": row.file_number, "row_number": row.row_number}
    return seal.rejected(value, dict(row.details), cells, **place)


def _clean(cell: object) -> str:
    """Text that PostgreSQL and JSON can hold."""
    return "" if cell is None else str(cell).replace("\0", "␀").encode("utf-8", "backslashreplace").decode()


def _doubled(text: str) -> str:
    return text.replace("\\", "\\\\") if "\\" in text else text


# No source has the nil customer, so everything comes after it.
_BEFORE_ALL = UUID(int=0)

_HOLD = """
DECLARE staged_rows NO SCROLL CURSOR WITH HOLD FOR
SELECT customer_id::text, group_id::text, file_number, row_number, payload FROM store_stagedrow
WHERE run_id = %s AND (customer_id, group_id) > (%s, %s)
ORDER BY customer_id, group_id, file_number, row_number
"""

_PARTED = """
SELECT group_id FROM store_stagedrow
WHERE run_id = %s AND group_id <> '00000000-0000-0000-0000-000000000000'
GROUP BY group_id HAVING min(customer_id::text) <> max(customer_id::text)
"""

_OTHER_CUSTOMER = """
WITH first AS MATERIALIZED (
    SELECT DISTINCT ON (group_id) group_id, customer_id FROM store_stagedrow
    WHERE run_id = %s AND group_id = ANY(%s) ORDER BY group_id, file_number, row_number
)
DELETE FROM store_stagedrow AS staged USING first
WHERE staged.run_id = %s AND staged.group_id = first.group_id AND staged.customer_id <> first.customer_id
RETURNING staged.file_number, staged.row_number
"""
