"""Ground for tests of undos: imports of small files of orders, their undo, and everything that is recorded."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connection

from shouyue.main.mappings import BY_NAME
from shouyue.purchases.incoming.actions.undoing import UNDO
from shouyue.store.imports import undoing
from shouyue.store.imports.engine import Request, import_files
from shouyue.store.models import ImportKept, ImportRun, ImportUndo

AT = datetime(2026, 3, 1, tzinfo=UTC)
COLUMNS = ("order_no", "customer_no", "ordered_at", "item_code", "quantity", "unit_price")
MORE = (*COLUMNS, "item_name", "store", "channel", "paid_by")
TABLES = (
    "customers_customer",
    "purchases_order",
    "purchases_takennumber",
    "purchases_orderline",
    "purchases_payment",
    "purchases_returnlink",
    "purchases_unlinkedreturn",
    "purchases_product",
    "purchases_store",
    "purchases_channel",
    "purchases_entrywords",
)


def bring_orders(folder: Path, name: str, rows: Sequence[Sequence[object]]) -> ImportRun:
    """Import rows of MORE's columns; a shorter row leaves the others empty."""
    home = folder / name
    home.mkdir()
    with (home / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(MORE)
        writer.writerows([*row, *[""] * (len(MORE) - len(row))] for row in rows)
    [report] = import_files(BY_NAME["plain"], Request([home / "orders.csv"], by="test"), now=lambda: AT)
    return ImportRun.objects.get(pk=report.run_id)


def take_back(run: ImportRun, *, at: datetime = AT, records_max: int | None = None) -> ImportUndo:
    """Rehearse and undo; the rehearsal writes nothing and finds what the undo finds."""
    before = recorded()
    rehearsed = rehearse(run, at=at, records_max=records_max)
    assert recorded() == before
    done = _carried_out(run.pk, is_rehearsal=False, at=at, records_max=records_max)
    for one in (rehearsed, done):
        assert one.restored + one.removed + one.kept + one.untouched == run.rows_total
        assert min(one.restored, one.removed, one.kept, one.untouched) >= 0
    counts = [(one.restored, one.removed, one.kept, one.untouched) for one in (rehearsed, done)]
    assert counts[0] == counts[1]
    return done


def rehearse(run: ImportRun, *, at: datetime = AT, records_max: int | None = None) -> ImportUndo:
    """Rehearse the undo and nothing more."""
    return _carried_out(run.pk, is_rehearsal=True, at=at, records_max=records_max)


def kept(run: ImportRun) -> list[tuple[str, str]]:
    """What stays: number of the order, or "" for a customer, and why."""
    return sorted(ImportKept.objects.filter(run=run).values_list("label", "reason"))


def recorded() -> dict[str, list[tuple[object, ...]]]:
    """Every row of everything that imports of orders write."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found


def _carried_out(run_id: UUID, *, is_rehearsal: bool, at: datetime, records_max: int | None) -> ImportUndo:
    begin = undoing.rehearse_undo if is_rehearsal else undoing.begin_undo
    job, most = uuid4(), undoing.BATCH_RECORDS
    begin(run_id, job=job, by="test", at=at)
    undoing.BATCH_RECORDS = records_max or most
    try:
        undoing.carry_out(
            run_id, UNDO, job=job, now=lambda: at, keep_place=lambda is_last: None, report=lambda done, total: None
        )
    finally:
        undoing.BATCH_RECORDS = most
    return ImportUndo.objects.get(pk=run_id)
