"""A person who is known under several numbers spends from all of them, in the one order of expiry."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a lot of one of the numbers. Days and moments as comparable values."""

    customer_id: UUID
    points: int
    expires_on: int | None
    made: float


def spread(wanted: int, lots: Sequence[Left]) -> dict[UUID, int] | None:
    """How much each number pays: earliest expiry first, lots without expiry last, of equal ones the oldest.

    None when there is not so much.
    """
    if sum(lot.points for lot in lots) < wanted:
        return None
    paid: dict[UUID, int] = {}
    for lot in sorted(lots, key=lambda one: (one.expires_on is None, one.expires_on or 0, one.made)):
        points = min(wanted, lot.points)
        wanted -= points
        if points:
            paid[lot.customer_id] = paid.get(lot.customer_id, 0) + points
    return paid
