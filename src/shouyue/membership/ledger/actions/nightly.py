"""The night's work: lots that became active or passed their last day, and the proof of all balances."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.facts import BalancesProved, PointsMoved
from shouyue.membership.ledger.models import Proof
from shouyue.membership.ledger.rules.moves import Reason
from shouyue.store import facts
from shouyue.store.copying import uuid_array

# So many that one statement's rows stay in memory.
MEMBERS_PER_BATCH = 5_000
_FIRST = UUID(int=0)


def expire_due(
    *,
    on: date,
    at: datetime,
    by: str,
    batch: int = MEMBERS_PER_BATCH,
    told: Callable[[int], object] = lambda _points: None,
) -> int:
    """Take away what is left of all lots whose last day was before `on`; returns how many points.

    Goes through the members in order, one transaction for each `batch` of them; broken off, the next run does the rest.
    told: hears the points so far after each.
    """
    total, after = 0, _FIRST
    while True:
        points, last = _expire_batch(after, on=on, at=at, by=by, batch=batch)
        if last is None:
            return total
        total, after = total + points, last
        told(total)


@transaction.atomic
def _expire_batch(after: UUID, *, on: date, at: datetime, by: str, batch: int) -> tuple[int, UUID | None]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [after, on, batch])
        due = [row[0] for row in cursor.fetchall()]
        if not due:
            return 0, None
        command = new_id()
        cursor.execute(
            _EXPIRE,
            {"due": uuid_array(due), "low": due[0], "high": due[-1], "on": on, "at": at, "by": by, "command": command},
        )
        [[count, points]] = cursor.fetchall()
    if count:
        fact = PointsMoved(batch_id=command, row_count=count, rows_root="", reason=Reason.EXPIRY, points=points)
        facts.announce(fact, at=at, by=by)
    return points, due[-1]


@transaction.atomic
def prove_balances(*, at: datetime, by: str) -> Proof:
    """Reckon every balance from transfers and every lot from takes, and keep what differs (the first hundred)."""
    with connection.cursor() as cursor:
        # One picture of all tables, however long it takes.
        cursor.execute("SELECT (SELECT count(*) FROM membership_balance), (SELECT count(*) FROM membership_lot)")
        [[members, lots]] = cursor.fetchall()
        cursor.execute(_PROOF)
        found = [{"what": row[0], "customer": str(row[1]), "id": str(row[2] or "")} for row in cursor.fetchall()]
    proof = Proof.objects.create(
        ran_at=at, members=members, lots=lots, differences=len(found), found=found[:_FOUND_KEPT]
    )
    facts.announce(BalancesProved(members=members, lots=lots, differences=len(found)), at=at, by=by)
    return proof


_FOUND_KEPT = 100
_DUE = """
SELECT DISTINCT customer_id FROM membership_lot WHERE customer_id > %s AND expires_on < %s AND "left" > 0
ORDER BY customer_id LIMIT %s
"""
# Random ids cost a system call each, a third of the whole run: these come from the lot's and the run's.
_EXPIRE = """
WITH locked AS MATERIALIZED (
    SELECT customer_id FROM membership_balance WHERE customer_id = ANY(%(due)s::uuid[]) ORDER BY customer_id FOR UPDATE
), due AS MATERIALIZED (
    SELECT lot.customer_id, lot.id, lot."left" AS points, lot.cost_left_fen AS cost, lot.is_pending,
        md5(lot.id::text || %(command)s::text)::uuid AS transfer_id
    FROM locked JOIN membership_lot AS lot USING (customer_id)
    WHERE lot.customer_id BETWEEN %(low)s AND %(high)s AND lot.expires_on < %(on)s AND lot."left" > 0
), emptied AS (
    UPDATE membership_lot AS lot SET "left" = 0, cost_left_fen = 0
    FROM due
    WHERE lot.customer_id BETWEEN %(low)s AND %(high)s AND lot.customer_id = due.customer_id AND lot.id = due.id
), moved AS (
    INSERT INTO membership_transfer (customer_id, id, command_id, debit, credit, reason, points, effective_on,
        recorded_at, actor)
    SELECT customer_id, transfer_id, %(command)s, CASE WHEN is_pending THEN 'pending' ELSE 'available' END, 'expired',
        'expiry', points, %(on)s, %(at)s, %(by)s FROM due
), taken AS (
    INSERT INTO membership_take (customer_id, id, transfer_id, lot_id, points, cost_fen)
    SELECT customer_id, transfer_id, transfer_id, id, points, cost FROM due
), sums AS (
    SELECT customer_id, sum(points) AS points, coalesce(sum(points) FILTER (WHERE is_pending), 0) AS pending
    FROM due GROUP BY customer_id
), kept AS (
    UPDATE membership_balance AS balance SET available = available - (sums.points - sums.pending),
        pending = balance.pending - sums.pending, expired = expired + sums.points
    FROM sums WHERE balance.customer_id = sums.customer_id
)
SELECT count(*), coalesce(sum(points), 0)::bigint FROM due
"""
_NET = "coalesce(sum(CASE WHEN credit = '{0}' THEN points WHEN debit = '{0}' THEN -points END), 0)"
_PROOF = f"""
WITH reckoned AS (
    SELECT customer_id, -{_NET.format("issued")} AS issued, {_NET.format("pending")} AS pending,
        {_NET.format("available")} AS available, {_NET.format("held")} AS held, -{_NET.format("debt")} AS debt,
        {_NET.format("redeemed")} AS redeemed, {_NET.format("paid_out")} AS paid_out,
        {_NET.format("expired")} AS expired, {_NET.format("clawed_back")} AS clawed_back,
        {_NET.format("transit")} AS transit
    FROM membership_transfer GROUP BY customer_id
), stocked AS (
    SELECT customer_id, sum("left") FILTER (WHERE is_pending) AS pending,
        sum("left") FILTER (WHERE NOT is_pending) AS available, sum(held) AS held
    FROM membership_lot GROUP BY customer_id
), taken AS (
    SELECT take.customer_id, take.lot_id,
        sum(CASE WHEN made.debit IN ('pending', 'available') THEN -take.points ELSE 0 END
          + CASE WHEN made.credit IN ('pending', 'available') THEN take.points ELSE 0 END) AS "left",
        sum(CASE WHEN made.debit = 'held' THEN -take.points WHEN made.credit = 'held' THEN take.points ELSE 0 END)
            AS held,
        sum(CASE WHEN made.debit IN ('pending', 'available', 'held') THEN -take.cost_fen ELSE 0 END
          + CASE WHEN made.credit IN ('pending', 'available', 'held') THEN take.cost_fen ELSE 0 END) AS cost
    FROM membership_take AS take
    JOIN membership_transfer AS made ON made.customer_id = take.customer_id AND made.id = take.transfer_id
    GROUP BY take.customer_id, take.lot_id
)
SELECT 'balance', balance.customer_id, NULL::uuid FROM membership_balance AS balance
LEFT JOIN reckoned USING (customer_id) LEFT JOIN stocked USING (customer_id)
WHERE (balance.issued, balance.pending, balance.available, balance.held, balance.debt, balance.redeemed,
    balance.paid_out, balance.expired, balance.clawed_back, balance.transit)
    IS DISTINCT FROM (coalesce(reckoned.issued, 0), coalesce(reckoned.pending, 0), coalesce(reckoned.available, 0),
    coalesce(reckoned.held, 0), coalesce(reckoned.debt, 0), coalesce(reckoned.redeemed, 0),
    coalesce(reckoned.paid_out, 0), coalesce(reckoned.expired, 0), coalesce(reckoned.clawed_back, 0),
    coalesce(reckoned.transit, 0))
    OR (balance.pending, balance.available, balance.held) IS DISTINCT FROM
    (coalesce(stocked.pending, 0), coalesce(stocked.available, 0), coalesce(stocked.held, 0))
UNION ALL
SELECT 'lot', lot.customer_id, lot.id FROM membership_lot AS lot
LEFT JOIN taken ON taken.customer_id = lot.customer_id AND taken.lot_id = lot.id
LEFT JOIN membership_transfer AS made ON made.customer_id = lot.customer_id AND made.id = lot.id
WHERE made.points IS DISTINCT FROM lot.points
    OR lot."left" <> lot.points + coalesce(taken."left", 0) OR lot.held <> coalesce(taken.held, 0)
    OR lot.cost_left_fen + lot.held_cost_fen <> lot.cost_fen + coalesce(taken.cost, 0)
UNION ALL
SELECT 'transit', (SELECT customer_id FROM membership_balance ORDER BY customer_id LIMIT 1), NULL
WHERE (SELECT coalesce(sum(transit), 0) FROM membership_balance) <> 0
ORDER BY 1, 2, 3
"""  # noqa: S608 made of this file's own constants
