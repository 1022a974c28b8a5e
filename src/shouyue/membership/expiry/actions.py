"""Notice what is about to expire; give back what expired, within a window."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from shouyue.kernel.ids import keyed_id, new_id
from shouyue.kernel.merkle import merkle_root
from shouyue.membership.expiry.facts import ExpiryNoticed, PointsReinstated
from shouyue.membership.expiry.rules.wishes import WINDOW_DAYS, reinstated
from shouyue.membership.ledger.public import Done, Transfer, move
from shouyue.store import facts

STAGES: Final = (30, 7, 1)
LASTS_DAYS: Final = 30


class NotReinstatedError(Exception):
    """Points cannot be given back. why: unknown (nothing of this member expired so) or late (the window is over)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@transaction.atomic
def notice_expiry(*, on: date, at: datetime, by: str) -> int:
    """Note for every member and last day what expires within 30, 7 and 1 days; each stage once. Returns how many.

    A night that was missed is made good: a last day gets the notice of the nearest stage that it has come to.
    """
    batch_id, told = new_id(), 0
    points = 0
    leaves: list[bytes] = []
    for stage, nearer in zip(STAGES, [*STAGES[1:], -1], strict=True):
        with connection.cursor() as cursor:
            first, last = on + timedelta(days=nearer + 1), on + timedelta(days=stage)
            cursor.execute(
                _NOTICE, {"first": first, "last": last, "stage": stage, "on": on, "at": at, "batch": batch_id}
            )
            rows = cursor.fetchall()
        leaves += [f"{customer_id} {expires_on} {left}".encode() for customer_id, expires_on, left in rows]
        points += sum(row[2] for row in rows)
        told += len(rows)
    if told:
        fact = ExpiryNoticed(batch_id=batch_id, row_count=told, rows_root=merkle_root(sorted(leaves)), points=points)
        facts.announce(fact, at=at, by=by)
    return told


@transaction.atomic
def reinstate(customer_id: UUID, expiry_id: UUID, *, on: date, at: datetime, by: str) -> Done:
    """Give points back that expired at most WINDOW_DAYS ago, once; they last LASTS_DAYS more.

    expiry_id: of the transfer that took them away. Raises NotReinstatedError.
    """
    gone = Transfer.objects.filter(customer_id=customer_id, id=expiry_id, reason="expiry", credit="expired").first()
    if gone is None:
        raise NotReinstatedError("unknown")
    if on > gone.effective_on + timedelta(days=WINDOW_DAYS):
        raise NotReinstatedError("late")
    last = on + timedelta(days=LASTS_DAYS)
    known = Transfer.objects.filter(customer_id=customer_id, id=keyed_id(expiry_id, "reinstated")).exists()
    command = reinstated(
        keyed_id(expiry_id, "reinstated"),
        customer_id,
        gone.points,
        cost_fen=_cost_fen(customer_id, expiry_id),
        expires_on=last.toordinal(),
    )
    done = move(command, at=at, on=on, by=by)
    if not known:
        facts.announce(PointsReinstated(subject=customer_id, expiry_id=expiry_id, points=gone.points), at=at, by=by)
    return done


def _cost_fen(customer_id: UUID, transfer_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COST, [customer_id, transfer_id])
        [[cost]] = cursor.fetchall()
    return int(cost)


_COST = """
SELECT coalesce(sum(cost_fen), 0)::bigint FROM membership_take WHERE customer_id = %s AND transfer_id = %s
"""
_NOTICE = """
INSERT INTO membership_expirynotice (customer_id, id, expires_on, stage, points, noticed_on, noticed_at, batch_id)
SELECT customer_id, md5(expires_on::text || ' ' || %(stage)s)::uuid, expires_on, %(stage)s, sum("left"), %(on)s, %(at)s,
    %(batch)s
FROM membership_lot WHERE expires_on BETWEEN %(first)s AND %(last)s AND "left" > 0
GROUP BY customer_id, expires_on ORDER BY customer_id, expires_on
ON CONFLICT DO NOTHING
RETURNING customer_id, expires_on, points
"""
