"""Accrual in columns: points for a batch of purchases by NumPy, written in one statement whatever its size."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from shouyue.kernel.ids import new_id
from shouyue.kernel.merkle import merkle_root
from shouyue.membership.ledger.actions.points import move_points
from shouyue.membership.ledger.facts import PointsMoved
from shouyue.membership.ledger.models import EarnProgramme
from shouyue.membership.ledger.queries import rate_of
from shouyue.membership.ledger.rules.commands import Command
from shouyue.membership.ledger.rules.earning import costs_for_all, lot_days, points_for_all
from shouyue.membership.ledger.rules.moves import Reason
from shouyue.store import facts
from shouyue.store.prepared import fetched


@dataclass(frozen=True, slots=True)
class Purchases:
    """Purchases in columns, sorted by customer: ids and days (ISO) as text, amounts in fen.

    points: what they earn, where a caller has reckoned it; else the programme's rate says.
    """

    customers: Sequence[str]
    orders: Sequence[str]
    amounts_fen: NDArray[np.int64]
    days: Sequence[str]
    points: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Accrued:
    """accrued: transfers written, and the points in them. known: recorded before. The rest earned nothing."""

    accrued: int
    points: int
    known: int


@transaction.atomic(savepoint=False)
def accrue_purchases(
    purchases: Purchases,
    *,
    programme: EarnProgramme,
    at: datetime,
    on: date,
    by: str,
    owing: Set[str] | None = None,
) -> Accrued:
    """Give the points that purchases earn by a programme; the transfer has the purchase's id, so that it happens once.

    on: today; what a purchase earned becomes active and expires by the day of the purchase. Members who owe go through
    their book, which pays the debt first; all others are written in one statement. owing: who owes, where the caller
    has locked the members; else they are locked here.
    """
    points = purchases.points
    if points is None:
        points = points_for_all(purchases.amounts_fen, rate_of(programme))
    costs = costs_for_all(points, programme.point_value_e4)
    if owing is None:
        owing = _locked(purchases.customers)
    plain = [index for index, customer in enumerate(purchases.customers) if points[index] and customer not in owing]
    written = _write(purchases, points, costs, plain, programme=programme, at=at, on=on, by=by)
    slow = [index for index, customer in enumerate(purchases.customers) if points[index] and customer in owing]
    through_books = _through_books(purchases, points, costs, slow, programme=programme, at=at, on=on, by=by)
    if written[0]:
        _announce(purchases, points, plain, written, at=at, by=by)
    return Accrued(written[0] + through_books[0], written[1] + through_books[1], written[2] + through_books[2])


def _locked(customers: Sequence[str]) -> set[str]:
    """Lock the members among the customers, in order; returns those who owe points."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [_array(dict.fromkeys(customers))])
        [[owing]] = cursor.fetchall()
    return {str(one) for one in owing or ()}


def _write(
    purchases: Purchases,
    points: NDArray[np.int64],
    costs: NDArray[np.int64],
    chosen: Sequence[int],
    *,
    programme: EarnProgramme,
    at: datetime,
    on: date,
    by: str,
) -> tuple[int, int, int]:
    if not chosen:
        return 0, 0, 0
    values = {
        "customers": _array([purchases.customers[index] for index in chosen]),
        "orders": _array([purchases.orders[index] for index in chosen]),
        "points": _array(map(str, points[chosen].tolist())),
        "costs": _array(map(str, costs[chosen].tolist())),
        "days": _array([purchases.days[index] for index in chosen]),
        "on": on,
        "at": at,
        "programme": programme.version,
        "by": by,
        "pending_days": programme.pending_days,
        "expire_after_days": programme.expire_after_days,
    }
    [(count, total, members)] = fetched(_ACCRUE, values, rows=len(chosen))
    return count, total, members - count


def _through_books(
    purchases: Purchases,
    points: NDArray[np.int64],
    costs: NDArray[np.int64],
    chosen: Sequence[int],
    *,
    programme: EarnProgramme,
    at: datetime,
    on: date,
    by: str,
) -> tuple[int, int, int]:
    commands = [_command(purchases, index, points=points, costs=costs, programme=programme) for index in chosen]
    if not commands:
        return 0, 0, 0
    outcomes = move_points(commands, at=at, on=on, by=by)
    fresh = [done.points for done in outcomes if done.refusal is None and not done.is_replay]
    return len(fresh), sum(fresh), sum(done.is_replay for done in outcomes)


def _command(
    purchases: Purchases, index: int, *, points: NDArray[np.int64], costs: NDArray[np.int64], programme: EarnProgramme
) -> Command:
    order_id = UUID(purchases.orders[index])
    first, last = lot_days(
        date.fromisoformat(purchases.days[index]).toordinal(),
        pending_days=programme.pending_days,
        expire_after_days=programme.expire_after_days,
    )
    return Command(
        id=order_id,
        customer_id=UUID(purchases.customers[index]),
        reason=Reason.PURCHASE,
        points=int(points[index]),
        cost_fen=int(costs[index]),
        order_id=order_id,
        programme=programme.version,
        activates_on=first,
        expires_on=last,
    )


def _announce(
    purchases: Purchases,
    points: NDArray[np.int64],
    chosen: Sequence[int],
    written: tuple[int, int, int],
    *,
    at: datetime,
    by: str,
) -> None:
    fact = PointsMoved(
        batch_id=new_id(),
        row_count=written[0],
        rows_root=merkle_root(f"{purchases.orders[index]} {points[index]}".encode() for index in chosen),
        reason=Reason.PURCHASE,
        points=written[1],
    )
    facts.announce(fact, at=at, by=by)


def _array(values: Iterable[str]) -> str:
    """Plain values as the text of an array: psycopg would write a list element by element."""
    return "{" + ",".join(values) + "}"


_LOCK = """
WITH members AS MATERIALIZED (
    SELECT customer_id, debt FROM membership_balance WHERE customer_id = ANY(%s::uuid[])
    ORDER BY customer_id FOR UPDATE
)
SELECT array_agg(customer_id) FILTER (WHERE debt > 0) FROM members
"""
_ACCRUE = """
WITH given AS MATERIALIZED (
    SELECT told.customer_id, told.id, told.points, told.cost, told.day,
        told.day + %(pending_days)s::int AS activates_on,
        told.day + %(pending_days)s::int > %(on)s::date AS is_pending
    FROM unnest(%(customers)s::uuid[], %(orders)s::uuid[], %(points)s::bigint[], %(costs)s::bigint[], %(days)s::date[])
        AS told (customer_id, id, points, cost, day)
    JOIN membership_balance AS member USING (customer_id)
), fresh AS (
    INSERT INTO membership_transfer (customer_id, id, command_id, debit, credit, reason, points, effective_on,
        recorded_at, order_id, programme, actor)
    SELECT customer_id, id, id, 'issued', CASE WHEN is_pending THEN 'pending' ELSE 'available' END, 'purchase', points,
        day, %(at)s, id, %(programme)s, %(by)s
    FROM given ON CONFLICT DO NOTHING
    RETURNING customer_id, id, points, credit
), lots AS (
    INSERT INTO membership_lot (customer_id, id, points, cost_fen, made_at, activates_on, expires_on, "left", held,
        cost_left_fen, held_cost_fen, is_pending)
    SELECT customer_id, id, given.points, cost, day, activates_on, day + %(expire_after_days)s::int, given.points, 0,
        cost, 0, is_pending
    FROM fresh JOIN given USING (customer_id, id)
), sums AS (
    SELECT customer_id, sum(points) AS points, coalesce(sum(points) FILTER (WHERE credit = 'pending'), 0) AS pending,
        count(*) AS rows
    FROM fresh GROUP BY customer_id
), kept AS (
    UPDATE membership_balance AS balance SET issued = issued + sums.points,
        available = available + sums.points - sums.pending, pending = balance.pending + sums.pending
    FROM sums WHERE balance.customer_id = sums.customer_id
)
SELECT coalesce(sum(rows), 0)::bigint, coalesce(sum(points), 0)::bigint, (SELECT count(*) FROM given) FROM sums
"""
