"""What customers spent, for rooms that count it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection

from shouyue.store.copying import uuid_array

_SPEND = """
SELECT customer_id, (placed_at AT TIME ZONE %s)::date AS day, (sum(total_e4) / 100)::bigint
FROM purchases_order
WHERE customer_id = ANY(%s::uuid[]) AND kind <> 'adjustment' AND status <> 'cancelled'
GROUP BY customer_id, day ORDER BY customer_id, day
"""


def spend_by_day(customers: Sequence[UUID], *, zone: str) -> dict[UUID, list[tuple[date, int]]]:
    """(day in `zone`, amount in hundredths) of each customer, the earliest first; returns lower their own day.

    Amounts of different currencies are not told apart. One statement, however many customers.
    """
    found: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [zone, uuid_array(customers)])
        for customer_id, day, amount in cursor.fetchall():
            found[customer_id].append((day, amount))
    return dict(found)
