"""Link returns to what they undo, anew for whole customers: the answer does not depend on what arrived when."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from shouyue.kernel.ids import keyed_id
from shouyue.purchases.orders.rules.returns import Link, Movement, Unlinked, link_returns
from shouyue.store.copying import plain_array

_Rows = set[tuple[object, ...]]


def relink_returns(*, known: Sequence[str], anonymous: Sequence[str]) -> None:
    """Make links and unlinked returns of these customers what the rules say; write only what differs.

    known, anonymous: customer ids, sorted, locked by the caller's transaction.
    """
    links: _Rows = set()
    unlinked: _Rows = set()
    _decide(known, links, unlinked, is_anonymous=False)
    _decide(anonymous, links, unlinked, is_anonymous=True)
    customers = [*known, *anonymous]
    _replace(customers, links, select=_LINKS, remove=_REMOVE_LINKS, insert=_INSERT_LINKS)
    _replace(customers, unlinked, select=_UNLINKED, remove=_REMOVE_UNLINKED, insert=_INSERT_UNLINKED)


def _decide(customers: Sequence[str], links: _Rows, unlinked: _Rows, *, is_anonymous: bool) -> None:
    for customer_id, lines in _movements(customers).items():
        found, rest = link_returns(lines, is_anonymous=is_anonymous)
        links.update(_link_row(customer_id, link) for link in found)
        unlinked.update(_unlinked_row(customer_id, one) for one in rest)


def _link_row(customer_id: UUID, link: Link) -> tuple[object, ...]:
    return (customer_id, keyed_id(link.return_line_id, str(link.sale_line_id)), *link)


def _unlinked_row(customer_id: UUID, one: Unlinked) -> tuple[object, ...]:
    return (customer_id, *one)


def _movements(customers: Sequence[str]) -> dict[UUID, list[Movement]]:
    """Returns of the customers, and the lines of the same items that gave goods."""
    by_customer: dict[UUID, list[Movement]] = defaultdict(list)
    if customers:
        with connection.cursor() as cursor:
            cursor.execute(_MOVEMENTS, [plain_array(customers)])
            for customer_id, *line in cursor.fetchall():
                by_customer[customer_id].append(Movement(*line))
    return by_customer


def _replace(customers: Sequence[str], wanted: _Rows, *, select: str, remove: str, insert: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(select, [plain_array(customers)])
        kept = set(cursor.fetchall())
        gone, fresh = sorted(kept - wanted), sorted(wanted - kept)
        if gone:
            cursor.execute(remove, [[row[0] for row in gone], [row[1] for row in gone]])
        if fresh:
            cursor.execute(insert, [list(column) for column in zip(*fresh, strict=True)])


# Customer by customer through the key: the tables grow with every batch, so a plan by statistics would be a guess.
_MOVEMENTS = """
SELECT asked.id, line.id, line.item, line.sold_at, abs(line.quantity), line.kind = 'return', line.is_product,
    line.undoes_id
FROM unnest(%s::uuid[]) AS asked (id), LATERAL (
    SELECT array_agg(DISTINCT item) AS items FROM purchases_orderline
    WHERE customer_id = asked.id AND kind = 'return'
) AS back, LATERAL (
    SELECT * FROM purchases_orderline
    WHERE customer_id = asked.id AND item = ANY(back.items) AND (kind = 'return' OR quantity > 0)
) AS line
WHERE back.items IS NOT NULL
"""

_LINKS = """
SELECT customer_id, id, return_line_id, sale_line_id, quantity FROM purchases_returnlink
WHERE customer_id = ANY(%s::uuid[])
"""
_REMOVE_LINKS = """
DELETE FROM purchases_returnlink AS link USING unnest(%s::uuid[], %s::uuid[]) AS gone (customer_id, id)
WHERE link.customer_id = gone.customer_id AND link.id = gone.id
"""
_INSERT_LINKS = """
INSERT INTO purchases_returnlink (customer_id, id, return_line_id, sale_line_id, quantity)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[])
"""

_UNLINKED = """
SELECT customer_id, id, quantity, reason, sold_at FROM purchases_unlinkedreturn WHERE customer_id = ANY(%s::uuid[])
"""
_REMOVE_UNLINKED = """
DELETE FROM purchases_unlinkedreturn AS one USING unnest(%s::uuid[], %s::uuid[]) AS gone (customer_id, id)
WHERE one.customer_id = gone.customer_id AND one.id = gone.id
"""
_INSERT_UNLINKED = """
INSERT INTO purchases_unlinkedreturn (customer_id, id, quantity, reason, sold_at)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::text[], %s::timestamptz[])
"""
