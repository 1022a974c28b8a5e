"""Keep what a batch of an import makes of orders, so that the import can be taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction

from shouyue.customers.public import Standing, keep_places, standing_of
from shouyue.purchases.orders.public import CustomerDraft, OrderDraft, Recorded, Recording, record_orders
from shouyue.purchases.undoing.models import OrderChange
from shouyue.store.copying import copy_rows, escaped, text_array
from shouyue.store.imports.mapping import StagedDraft

_COLUMNS = (
    "run_id",
    "customer_id",
    "order_id",
    "file_number",
    "row_number",
    "rows",
    "batch_id",
    "before",
    "known_returns",
    "at",
    "source",
    "currency",
)
_NULL = "\\N"
_CREATED, _UPDATED = "created", "updated"
_CHANGED = frozenset({_CREATED, _UPDATED})


class Earlier(NamedTuple):
    """An order that is recorded already. payments: ids, of orders whose draft tells payments."""

    status: str
    store_id: UUID | None
    channel_id: UUID | None
    batch_id: UUID | None
    payments: list[UUID]


@transaction.atomic
def record_imported(
    orders: Sequence[OrderDraft],
    *,
    told: Sequence[tuple[str, CustomerDraft, int]],
    rows: Sequence[StagedDraft],
    recording: Recording,
) -> Recorded:
    """`record_orders`, and what it made of orders and customers is kept, so that the import can be taken back.

    told: customers with rows of their own: id, what is known, place of the row. rows: of the batch, in which
    `OrderDraft.rows` are places too.
    """
    named = _named(orders, told, rows)
    before: dict[UUID, Standing] = {}
    earlier: dict[str, Earlier] = {}

    def look(there: list[UUID]) -> None:
        before.update(standing_of(there, are_locked=True))
        earlier.update(_earlier(orders))

    listed = [(customer_id, draft) for customer_id, draft, _place in told]
    recorded = record_orders(orders, recording=recording, told=listed, look=look)
    if recording.run_id:
        changed = [who for who, outcome in recorded.customers.items() if outcome in _CHANGED]
        keep_places(recording.run_id, named, before, changed=changed, at=recording.at)
        _keep(orders, recorded.orders, earlier, rows=rows, recording=recording)
    return recorded


def forget_order_changes(*, before: datetime, rows_max: int) -> int:
    """Delete up to `rows_max` of what imports before a moment kept; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [before, rows_max])
        return int(cursor.rowcount)


def _named(
    orders: Sequence[OrderDraft], told: Sequence[tuple[str, CustomerDraft, int]], rows: Sequence[StagedDraft]
) -> dict[UUID, tuple[int, int]]:
    """By customer the row of its own, or else the file alone."""
    named: dict[UUID, tuple[int, int]] = {}
    for customer_id, _draft, place in told:
        named.setdefault(UUID(customer_id), (rows[place].file_number, rows[place].row_number))
    for order in orders:
        named.setdefault(UUID(order.customer_id), (rows[order.rows[0]].file_number, 0))
    return named


def _earlier(orders: Sequence[OrderDraft]) -> dict[str, Earlier]:
    """How those of these orders stand that are recorded already. One statement."""
    columns = [[order.customer_id for order in orders], [order.id for order in orders]]
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, [*map(text_array, columns), text_array("x" if one.payments else "" for one in orders)])
        return {str(row[0]): Earlier(*row[1:]) for row in cursor.fetchall()}


def _keep(
    orders: Sequence[OrderDraft],
    outcomes: Mapping[str, str],
    earlier: Mapping[str, Earlier],
    *,
    rows: Sequence[StagedDraft],
    recording: Recording,
) -> None:
    updated = [order for order in orders if outcomes[order.id] == _UPDATED]
    payments = _earlier([order for order in updated if order.payments])
    returns = _known_returns([order for order in orders if outcomes[order.id] == _CREATED], recording.run_id)
    kept = [
        _line(
            order,
            rows[order.rows[0]],
            _before(earlier[order.id], payments.get(order.id)) if order.id in earlier else None,
            returns.get(order.id, []),
            recording,
        )
        for order in orders
        if outcomes[order.id] in _CHANGED
    ]
    copy_rows(OrderChange._meta.db_table, _COLUMNS, kept)


def _known_returns(made: Sequence[OrderDraft], run_id: UUID | None) -> dict[str, list[UUID]]:
    """By order that was made: those that were there and whose returns undo lines of it."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_RETURNS, [sorted({one.customer_id for one in made}), [one.id for one in made], run_id])
        return {str(row[0]): row[1] for row in cursor.fetchall()}


def _line(
    order: OrderDraft, row: StagedDraft, before: str | None, returns: Sequence[UUID], recording: Recording
) -> str:
    values = (
        str(recording.run_id),
        order.customer_id,
        order.id,
        str(row.file_number),
        str(row.row_number),
        # Of an order that was there one row carries what is new.
        str(1 if before else len(order.rows)),
        str(recording.batch_id),
        escaped(before) if before else _NULL,
        orjson.dumps(sorted(returns)).decode(),
        recording.at.isoformat(),
        recording.source,
        order.currency,
    )
    return "\t".join(values)


def _before(before: Earlier, after: Earlier | None) -> str:
    came = sorted(set(after.payments) - set(before.payments)) if after else []
    return orjson.dumps([*before[:4], came]).decode()


# An order may stand under another record of the same person; one of the customer's own is told last and counts.
_EARLIER = """
SELECT known.id, known.status, known.store_id, known.channel_id, known.batch_id, CASE WHEN asked.pays = '' THEN '{}'
    ELSE ARRAY(
        SELECT paid.id FROM purchases_payment AS paid
        WHERE paid.customer_id = known.customer_id AND paid.order_id = known.id
    ) END
FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS asked (customer_id, id, pays)
LEFT JOIN purchases_takennumber AS taken ON taken.order_id = asked.id
JOIN purchases_order AS known ON known.id = asked.id AND known.customer_id IN (asked.customer_id, taken.customer_id)
ORDER BY known.customer_id = asked.customer_id
"""
_KNOWN_RETURNS = """
SELECT sold.order_id, array_agg(DISTINCT back.order_id) FROM unnest(%s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (SELECT * FROM purchases_returnlink WHERE customer_id = asked.id OFFSET 0) AS link
JOIN purchases_orderline AS sold ON sold.customer_id = link.customer_id AND sold.id = link.sale_line_id
JOIN purchases_orderline AS back ON back.customer_id = link.customer_id AND back.id = link.return_line_id
JOIN purchases_order AS placed ON placed.customer_id = back.customer_id AND placed.id = back.order_id
WHERE sold.order_id = ANY(%s::uuid[]) AND placed.run_id IS DISTINCT FROM %s
GROUP BY sold.order_id
"""
_FORGET = """
DELETE FROM purchases_orderchange WHERE (run_id, customer_id, order_id) IN (
    SELECT run_id, customer_id, order_id FROM purchases_orderchange WHERE at < %s ORDER BY at LIMIT %s
)
"""
