"""Rows that were turned away only after the check get their cells from the file, so that they can be corrected."""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import Q

from shouyue.store.imports import runs, staging
from shouyue.store.imports.runs import Plan
from shouyue.store.imports.sealing import RunSeal
from shouyue.store.models.imports import ImportRejection, ImportRun
from shouyue.store.tabular import BadRow, Table

_CHUNK_ROWS = 1_000
_FILL = """
UPDATE store_importrejection AS one SET cells = told.cells::jsonb
FROM unnest(%s::int[], %s::text[]) AS told (row_number, cells)
WHERE one.run_id = %s AND one.file_number = %s AND one.row_number = told.row_number
"""


def fill_cells(plan: Plan, run: ImportRun, seal: RunSeal | None = None) -> None:
    """Give every rejection of the run that has no cells those of its row. Reads the files again if there is one."""
    for number, one in enumerate(plan.inputs):
        is_bare = Q(cells=[]) | Q(cells__has_key=staging.BARE)
        bare = ImportRejection.objects.filter(is_bare, run_id=run.pk, file_number=number)
        wanted = dict(bare.values_list("row_number", "cells"))
        if wanted:
            with one.pattern.open(one.path) as table:
                found = _found(table, wanted, number, seal)
                while chunk := list(islice(found, _CHUNK_ROWS)):
                    _write(run, number, chunk)


def _found(table: Table, wanted: dict[int, Any], file_number: int, seal: RunSeal | None) -> Iterator[tuple[int, str]]:
    for row in table.rows():
        if isinstance(row, BadRow) or row[0] not in wanted:
            continue
        said, cells = wanted.pop(row[0]), staging.shown_cells(row[1])
        if seal:
            place = {"file_number": file_number, "row_number": row[0]}
            value, details = seal.said(said[staging.BARE], **place) if said else ("", {})
            yield row[0], orjson.dumps(seal.rejected(value, details, cells, **place)).decode()
        else:
            yield row[0], orjson.dumps(cells).decode()
        if not wanted:
            return


@transaction.atomic
def _write(run: ImportRun, file_number: int, chunk: list[tuple[int, str]]) -> None:
    runs.hold(run)
    run_id: UUID = run.pk
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [[row for row, _ in chunk], [cells for _, cells in chunk], run_id, file_number])
