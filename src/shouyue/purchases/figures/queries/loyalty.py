"""Purchases as loyalty counts them: who ordered on which day."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db import connection, transaction

_DAYS = """
SELECT customer_id, (placed_at AT TIME ZONE %s)::date
FROM purchases_order
WHERE kind = 'sale' AND (status <> 'cancelled' OR NOT %s)
  AND customer_id NOT IN (SELECT id FROM customers_customer WHERE kind = 'anonymous')
ORDER BY customer_id, placed_at, id
"""
_ROWS = 20_000


def purchase_days(*, zone: str, without_cancelled: bool = False) -> Iterator[tuple[UUID, date]]:
    """(customer, day of the order in `zone`) for every order of a known customer, by customer, then by time.

    Returns and adjustments are no orders here. without_cancelled: leave out orders that were cancelled later.
    Streams through a cursor of the server's: memory does not grow with the number of orders.
    """
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_DAYS, [zone, without_cancelled])
        while rows := cursor.fetchmany(_ROWS):
            yield from rows


def data_until(source: str, *, zone: str) -> date | None:
    """The day, in `zone`, of the latest order or return of a source; None while there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (max(placed_at) AT TIME ZONE %s)::date FROM purchases_order WHERE source = %s", [zone, source]
        )
        row = cursor.fetchone()
    return row[0] if row else None
