"""Orders with what their buyers kept of them, for rooms that give something for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from shouyue.store.copying import uuid_array


class Goods(NamedTuple):
    """A sale less what came back of it.

    day: in the zone asked for. is_first: no earlier sale of this customer is known. is_whole: nothing came back.
    items, amounts_fen: of the lines that were sold, in their order; an amount is less what returns undo, half up.
    """

    customer_id: UUID
    order_id: UUID
    day: date
    source: str
    currency: str
    is_cancelled: bool
    is_first: bool
    is_whole: bool
    items: list[str]
    amounts_fen: list[int]


def buyers_of(batches: Sequence[UUID]) -> list[UUID]:
    """Customers whose orders came, moved on or went in batches of `OrdersRecorded`, `OrdersTakenBack`; in order."""
    return [row[0] for row in _rows(_BUYERS, list(batches), list(batches))]


def goods_kept(
    batches: Sequence[UUID],
    *,
    customers: Sequence[UUID],
    zone: str,
    also: Sequence[tuple[UUID, UUID]] = (),
    days: tuple[date, date] | None = None,
) -> list[Goods]:
    """Sales of the batches by these customers, and every other sale of theirs that a return may have changed.

    also: (customer, order) to tell besides. days: and all their sales from the first to the last of them.
    Five statements, six with days; by customer, then by moment. What was taken back is cancelled, without lines.
    """
    undone = _rows(_UNDONE, uuid_array(customers))
    pieces = {line_id: count for _customer, _order, line_id, count in undone}
    more = {*also, *((customer_id, order_id) for customer_id, order_id, _line, _count in undone)}
    heads = _heads(batches, customers, more, zone=zone, days=days)
    lines: dict[UUID, list[tuple[UUID, str, int, int]]] = defaultdict(list)
    for order_id, *line in _rows(_LINES, uuid_array(one[0] for one in heads), uuid_array(one[1] for one in heads)):
        lines[order_id].append(tuple(line))
    firsts = {row[0] for row in _rows(_FIRSTS, uuid_array(customers))}
    return [_goods(one, lines[one[1]], pieces, is_first=one[1] in firsts) for one in heads if one[1] in lines or one[6]]


def _heads(
    batches: Sequence[UUID],
    customers: Sequence[UUID],
    also: Iterable[tuple[UUID, UUID]],
    *,
    zone: str,
    days: tuple[date, date] | None,
) -> list[tuple[Any, ...]]:
    """The sales asked for: customer, order, moment, day, source, currency, whether cancelled; sorted."""
    pairs = list(also)
    columns = uuid_array(one[0] for one in pairs), uuid_array(one[1] for one in pairs)
    found = {row[1]: row for row in _rows(_OF_BATCHES, *[zone, list(batches), uuid_array(customers)] * 3)}
    found |= {row[1]: row for row in _rows(_BY_KEY, zone, *columns)}
    if days is not None:
        found |= {row[1]: row for row in _rows(_OF_DAYS, zone, uuid_array(customers), zone, *days)}
    return sorted(found.values(), key=lambda row: (row[0], row[2], row[1]))


def _goods(
    head: tuple[Any, ...], lines: Sequence[tuple[UUID, str, int, int]], pieces: Mapping[UUID, int], *, is_first: bool
) -> Goods:
    customer_id, order_id, _at, day, source, currency, is_cancelled = head
    return Goods(
        customer_id=customer_id,
        order_id=order_id,
        day=day,
        source=source,
        currency=currency,
        is_cancelled=is_cancelled,
        is_first=is_first,
        is_whole=not any(line_id in pieces for line_id, _item, _quantity, _price in lines),
        items=[item for _line, item, _quantity, _price in lines],
        amounts_fen=[
            ((quantity - pieces.get(line_id, 0)) * price + 50) // 100 for line_id, _item, quantity, price in lines
        ],
    )


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())


def pieces_beyond(orders: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, str], int]:
    """Pieces that came back in these (customer, order) and undo nothing that is known, by order and item."""
    found = _rows(_BEYOND, uuid_array(one[0] for one in orders), uuid_array(one[1] for one in orders))
    return {(row[0], row[1]): row[2] for row in found}


_BEYOND = """
SELECT line.order_id, line.item, sum(rest.quantity)::bigint
FROM unnest(%s::uuid[], %s::uuid[]) AS asked (customer_id, order_id)
JOIN purchases_orderline AS line USING (customer_id, order_id)
JOIN purchases_unlinkedreturn AS rest ON rest.customer_id = line.customer_id AND rest.id = line.id
GROUP BY line.order_id, line.item
"""
_BUYERS = """
SELECT placed.customer_id FROM purchases_order AS placed WHERE placed.batch_id = ANY(%s)
UNION SELECT customer_id FROM purchases_orderchange WHERE undone_by = ANY(%s) ORDER BY customer_id
"""
_HEAD = """placed.customer_id, placed.id, placed.placed_at, (placed.placed_at AT TIME ZONE %s)::date, placed.source,
    placed.currency, placed.status = 'cancelled'"""
_OF_BATCHES = f"""
SELECT {_HEAD} FROM purchases_order AS placed
WHERE placed.batch_id = ANY(%s) AND placed.customer_id = ANY(%s::uuid[]) AND placed.kind = 'sale'
UNION ALL
SELECT {_HEAD} FROM purchases_orderchange AS change JOIN purchases_order AS placed
    ON placed.customer_id = change.customer_id AND placed.id = change.order_id
WHERE change.undone_by = ANY(%s) AND placed.customer_id = ANY(%s::uuid[]) AND placed.kind = 'sale'
UNION ALL
SELECT customer_id, order_id, placed_at, (placed_at AT TIME ZONE %s)::date, source, currency, true
FROM purchases_orderchange AS gone
WHERE undone_by = ANY(%s) AND customer_id = ANY(%s::uuid[]) AND placed_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM purchases_order WHERE customer_id = gone.customer_id AND id = gone.order_id)
"""  # noqa: S608 only constants of this file are put in; every value is a parameter
_BY_KEY = f"""
SELECT {_HEAD} FROM unnest(%s::uuid[], %s::uuid[]) AS asked (customer_id, id)
JOIN purchases_order AS placed USING (customer_id, id) WHERE placed.kind = 'sale'
"""  # noqa: S608 only constants of this file are put in; every value is a parameter
# There is no index by day: the key leads to the few sales of a customer.
_OF_DAYS = f"""
SELECT {_HEAD} FROM unnest(%s::uuid[]) AS asked (id) CROSS JOIN LATERAL (
    SELECT * FROM purchases_order WHERE customer_id = asked.id AND kind = 'sale' OFFSET 0
) AS placed
WHERE (placed.placed_at AT TIME ZONE %s)::date BETWEEN %s AND %s
"""  # noqa: S608 only constants of this file are put in; every value is a parameter
# Customer by customer through the keys: the tables grow with every batch, so a plan by statistics would be a guess.
_UNDONE = """
SELECT link.customer_id, line.order_id, line.id, sum(link.quantity)::bigint
FROM unnest(%s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (SELECT * FROM purchases_returnlink WHERE customer_id = asked.id OFFSET 0) AS link
JOIN purchases_orderline AS line ON line.customer_id = link.customer_id AND line.id = link.sale_line_id
GROUP BY link.customer_id, line.order_id, line.id
"""
_LINES = """
SELECT line.order_id, line.id, line.item, line.quantity, line.unit_price_e4
FROM (
    SELECT customer_id, array_agg(order_id) AS orders
    FROM unnest(%s::uuid[], %s::uuid[]) AS told (customer_id, order_id) GROUP BY customer_id
) AS asked
CROSS JOIN LATERAL (
    SELECT order_id, id, item, quantity, unit_price_e4 FROM purchases_orderline
    WHERE customer_id = asked.customer_id AND order_id = ANY(asked.orders) AND kind = 'sale' ORDER BY line_no
) AS line
"""
_FIRSTS = """
SELECT first.id FROM unnest(%s::uuid[]) AS asked (id) CROSS JOIN LATERAL (
    SELECT id FROM purchases_order WHERE customer_id = asked.id AND kind = 'sale' AND status <> 'cancelled'
    ORDER BY placed_at, id LIMIT 1
) AS first
"""
