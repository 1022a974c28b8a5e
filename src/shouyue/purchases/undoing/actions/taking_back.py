"""Take back what an import made of orders: its orders go, others stand as before, and what was built on them stays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouyue.customers.public import customers_placed, standing_of, take_back_places
from shouyue.kernel.ids import keyed_id
from shouyue.kernel.merkle import merkle_root
from shouyue.purchases.orders.public import relink_returns
from shouyue.purchases.undoing.facts import OrdersTakenBack
from shouyue.purchases.undoing.models import OrderChange
from shouyue.purchases.undoing.rules import staying
from shouyue.purchases.undoing.rules.staying import Change
from shouyue.store import facts
from shouyue.store.copying import uuid_array
from shouyue.store.imports.mapping import UndoBatch, Undone

_GONE, _BACK = staying.REMOVED, staying.RESTORED
_ORDERS_OF_ONE = 2  # of a customer in one import, roughly
_Pair = tuple[UUID, UUID]


def take_back(batch: UndoBatch) -> list[Undone]:
    """Take back what an import made of the next customers and their orders, in the order of the customers."""
    who = _next(batch)
    standing_of(who)  # locks them
    by_customer: dict[UUID, list[Undone]] = {one: [] for one in who}
    for one in _take_back_orders(batch.run_id, who, at=batch.at, by=batch.by):
        by_customer[one.customer_id].append(one)
    kept = [key for key, found in by_customer.items() if any(one.outcome not in {_GONE, _BACK} for one in found)]
    for one in take_back_places(batch.run_id, who, at=batch.at, named_in_kept=kept):
        by_customer[one.customer_id].append(one)
    return [one for found in by_customer.values() for one in found]


def _next(batch: UndoBatch) -> list[UUID]:
    most = max(1, batch.records_max // _ORDERS_OF_ONE)
    with_orders = OrderChange.objects.filter(run_id=batch.run_id, undone_by=None)
    if batch.after:
        with_orders = with_orders.filter(customer_id__gt=batch.after)
    found = set(with_orders.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:most])
    return sorted(found | set(customers_placed(batch.run_id, after=batch.after, most=most)))[:most]


def _take_back_orders(run_id: UUID, customers: Sequence[UUID], *, at: datetime, by: str) -> list[Undone]:
    """Take back what an import made of orders of these customers, whom the caller has locked; by customer.

    Links of returns are made anew. What the orders earned is for whoever hears `OrdersTakenBack`.
    """
    found = OrderChange.objects.filter(run_id=run_id, undone_by=None, customer_id__in=list(customers))
    changes = list(found.order_by("customer_id", "file_number", "row_number"))
    if not changes:
        return []
    current = _current([(one.customer_id, one.order_id) for one in changes])
    outcomes = _decided(changes, current, customers)
    of = {what: [one for one in changes if outcomes[one.order_id] == what] for what in (_GONE, _BACK)}
    batch_id = keyed_id(run_id, f"undo {changes[-1].customer_id}")
    _mark([*of[_GONE], *of[_BACK]], batch_id)
    _unlink(of[_GONE])
    _run("SELECT purchases_remove_undone(%s)", batch_id)
    _remove(of[_GONE])
    _put_back(of[_BACK])
    _relink(sorted({one.customer_id for one in of[_GONE]}))
    OrderChange.objects.filter(run_id=run_id, undone_by=None, customer_id__in=list(customers)).delete()
    _announce(of, current, batch_id, run_id=run_id, at=at, by=by)
    return [_undone(one, outcomes[one.order_id], current.get(one.order_id)) for one in changes]


# Of an order as it stands: the batch that last told of it, number and content.
_Current = tuple[UUID | None, str, bytes]


def _current(pairs: Sequence[_Pair]) -> dict[UUID, _Current]:
    found = _rows(_CURRENT, *_columns(pairs))
    return {row[0]: (row[1], row[2], bytes(row[3])) for row in found}


def _decided(
    changes: Sequence[OrderChange], current: Mapping[UUID, _Current], customers: Sequence[UUID]
) -> dict[UUID, str]:
    told = {
        one.order_id: Change(
            is_new=one.before is None,
            is_as_left=one.order_id in current and current[one.order_id][0] == one.batch_id,
        )
        for one in changes
    }
    known = {one.order_id: set(one.known_returns) for one in changes}
    returns = _rows(_RETURNS, uuid_array(customers))
    since = [(sale, back) for sale, back in returns if str(back) not in known.get(sale, set())]
    return staying.outcomes(told, since)


def _mark(changes: Sequence[OrderChange], batch_id: UUID) -> None:
    """Note that it was taken back, with what is known of a sale that goes, while it is still there."""
    if changes:
        pairs = [(one.customer_id, one.order_id) for one in changes]
        _run(_MARK, batch_id, changes[0].run_id, *_columns(pairs))


def _unlink(changes: Sequence[OrderChange]) -> None:
    columns = _columns([(one.customer_id, one.order_id) for one in changes])
    _run(_REMOVE_LINKS, *columns)
    _run(_REMOVE_UNLINKED, *columns)


def _remove(changes: Sequence[OrderChange]) -> None:
    _run(_REMOVE_ORDERS, *_columns([(one.customer_id, one.order_id) for one in changes]))


def _put_back(changes: Sequence[OrderChange]) -> None:
    if not changes:
        return
    status, stores, channels, batches, _payments = zip(*(one.before for one in changes), strict=True)
    pairs = [(one.customer_id, one.order_id) for one in changes]
    _run(_PUT_BACK, *_columns(pairs), list(status), list(stores), list(channels), list(batches))


def _relink(customers: Sequence[UUID]) -> None:
    """Returns that undid what is gone, and those that undo something else now."""
    if customers:
        nobody = {row[0] for row in _rows(_ANONYMOUS, uuid_array(customers))}
        known = [str(who) for who in customers if who not in nobody]
        relink_returns(known=known, anonymous=[str(who) for who in customers if who in nobody])


def _announce(
    of: Mapping[str, Sequence[OrderChange]],
    current: Mapping[UUID, _Current],
    batch_id: UUID,
    *,
    run_id: UUID,
    at: datetime,
    by: str,
) -> None:
    rows = [(one, what) for what, changes in of.items() for one in changes]
    if rows:
        fact = OrdersTakenBack(
            batch_id=batch_id,
            row_count=len(rows),
            rows_root=merkle_root(f"{one.order_id} {what} ".encode() + current[one.order_id][2] for one, what in rows),
            run_id=run_id,
            removed=len(of[_GONE]),
            restored=len(of[_BACK]),
        )
        facts.announce(fact, at=at, by=by)


def _undone(change: OrderChange, outcome: str, current: _Current | None) -> Undone:
    label = current[1] if current else ""
    where = change.file_number, change.row_number
    return Undone(change.order_id, change.customer_id, *where, outcome, label, change.rows)


def _columns(pairs: Sequence[_Pair]) -> tuple[str, str]:
    return uuid_array(one[0] for one in pairs), uuid_array(one[1] for one in pairs)


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


_ASKED = "unnest(%s::uuid[], %s::uuid[]) AS asked (customer_id, id)"
# Customer by customer through the keys: lines are found by their customer, not by their order.
_BY_CUSTOMER = f"""(
    SELECT customer_id, array_agg(id) AS orders FROM {_ASKED} GROUP BY customer_id
) AS gone"""  # noqa: S608 only constants of this file are put in; every value is a parameter
_CURRENT = f"""
SELECT placed.id, placed.batch_id, placed.number, placed.content FROM {_ASKED}
JOIN purchases_order AS placed USING (customer_id, id)
"""  # noqa: S608 only constants of this file are put in; every value is a parameter
_RETURNS = """
SELECT DISTINCT sold.order_id, back.order_id FROM unnest(%s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (SELECT * FROM purchases_returnlink WHERE customer_id = asked.id OFFSET 0) AS link
JOIN purchases_orderline AS sold ON sold.customer_id = link.customer_id AND sold.id = link.sale_line_id
JOIN purchases_orderline AS back ON back.customer_id = link.customer_id AND back.id = link.return_line_id
"""
_MARK = f"""
UPDATE purchases_orderchange AS change SET undone_by = %s,
    placed_at = CASE WHEN change.before IS NULL AND placed.kind = 'sale' THEN placed.placed_at END
FROM purchases_order AS placed
WHERE change.run_id = %s AND (change.customer_id, change.order_id) IN (SELECT * FROM {_ASKED})
    AND placed.customer_id = change.customer_id AND placed.id = change.order_id
"""  # noqa: S608 only constants of this file are put in; every value is a parameter
_REMOVE_LINKS = f"""
WITH line AS MATERIALIZED (
    SELECT line.customer_id, line.id FROM {_BY_CUSTOMER}
    JOIN purchases_orderline AS line ON line.customer_id = gone.customer_id AND line.order_id = ANY(gone.orders)
)
DELETE FROM purchases_returnlink AS link USING line
WHERE link.customer_id = line.customer_id AND (link.return_line_id = line.id OR link.sale_line_id = line.id)
"""  # noqa: S608 only constants of this file are put in; every value is a parameter
_REMOVE_UNLINKED = f"""
DELETE FROM purchases_unlinkedreturn AS rest USING {_BY_CUSTOMER}
JOIN purchases_orderline AS line ON line.customer_id = gone.customer_id AND line.order_id = ANY(gone.orders)
WHERE rest.customer_id = line.customer_id AND rest.id = line.id
"""  # noqa: S608 only constants of this file are put in; every value is a parameter
_REMOVE_ORDERS = f"""
WITH gone AS (
    DELETE FROM purchases_order AS placed USING {_ASKED}
    WHERE placed.customer_id = asked.customer_id AND placed.id = asked.id RETURNING placed.customer_id, placed.id
)
DELETE FROM purchases_takennumber AS taken USING gone
WHERE taken.order_id = gone.id AND taken.customer_id = gone.customer_id
"""  # noqa: S608 only constants of this file are put in; every value is a parameter
_PUT_BACK = """
UPDATE purchases_order AS placed SET status = told.status, store_id = told.store_id, channel_id = told.channel_id,
    batch_id = told.batch_id
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::uuid[])
    AS told (customer_id, id, status, store_id, channel_id, batch_id)
WHERE placed.customer_id = told.customer_id AND placed.id = told.id
"""
_ANONYMOUS = "SELECT id FROM customers_customer WHERE id = ANY(%s::uuid[]) AND kind = 'anonymous'"
