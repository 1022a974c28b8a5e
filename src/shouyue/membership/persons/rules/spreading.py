"""A person who is known under several numbers pays from all of them, in the one order of expiry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shouyue.membership.ledger.rules.moves import (
    OtherContentError,
    Reason,
    RefusedError,
    ShortOfPointsError,
    UnknownHoldError,
)

__all__ = [
    "Left",
    "OtherContentError",
    "Reason",
    "RefusedError",
    "ShortOfPointsError",
    "UnknownHoldError",
    "spread",
]


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a lot of one of the numbers, or held of it. Days and moments as comparable values."""

    customer_id: UUID
    points: int
    expires_on: int | None
    made: float


def spread(wanted: int, lots: Sequence[Left], debts: Mapping[UUID, int] | None = None) -> dict[UUID, int] | None:
    """How much each number pays: earliest expiry first, lots without expiry last, of equal ones the oldest.

    debts: what is owed under a number. Its own lots pay it first; what then remains of it, the person cannot spend
    under any other number. None when there is not so much.
    """
    owed = dict(debts or {})
    free: list[tuple[UUID, int]] = []
    for lot in sorted(lots, key=lambda one: (one.expires_on is None, one.expires_on or 0, one.made, one.customer_id)):
        repaid = min(lot.points, owed.get(lot.customer_id, 0))
        if repaid:
            owed[lot.customer_id] -= repaid
        if lot.points > repaid:
            free.append((lot.customer_id, lot.points - repaid))
    if sum(points for _who, points in free) - sum(owed.values()) < wanted:
        return None
    paid: dict[UUID, int] = {}
    for who, left in free:
        points = min(wanted, left)
        wanted -= points
        if points:
            paid[who] = paid.get(who, 0) + points
    return paid
