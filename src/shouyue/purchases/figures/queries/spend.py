"""What customers spent, for rooms that count it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from shouyue.store.copying import uuid_array
from shouyue.store.prepared import fetched

_BOUGHT = """
SELECT asked.id, spent.* FROM unnest(%s::uuid[]) AS asked (id) CROSS JOIN LATERAL (
    SELECT (placed_at AT TIME ZONE told.zone)::date AS day, (sum(total_e4) / 100)::bigint,
        (array_agg(id ORDER BY placed_at, id) FILTER (WHERE kind = 'sale'))[1]
    FROM purchases_order, (SELECT %s::text AS zone) AS told
    WHERE customer_id = asked.id AND kind <> 'adjustment' AND status <> 'cancelled' GROUP BY day ORDER BY day
) AS spent
"""


class Bought(NamedTuple):
    """What a customer bought. first: the first sale of all; None for none. days: as `spend_by_day` tells them."""

    first: UUID | None
    days: list[tuple[date, int]]


def bought_by(customers: Sequence[UUID], *, zone: str) -> dict[UUID, Bought]:
    """`spend_by_day` of each customer together with the first sale, in one statement."""
    found: dict[UUID, Bought] = {}
    for customer_id, day, amount, first in fetched(_BOUGHT, [uuid_array(set(customers)), zone], rows=len(customers)):
        known = found.get(customer_id)
        days = [*(known.days if known else []), (day, amount)]
        found[customer_id] = Bought((known.first if known else None) or first, days)
    return found


def spend_by_day(customers: Sequence[UUID], *, zone: str) -> dict[UUID, list[tuple[date, int]]]:
    """(day in `zone`, amount in hundredths) of each customer, the earliest first; returns lower their own day.

    Amounts of different currencies are not told apart. One statement, however many customers.
    """
    return {who: one.days for who, one in bought_by(customers, zone=zone).items()}
