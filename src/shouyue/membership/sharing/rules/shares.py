"""How a household brings points together, and the commands that move them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shouyue.membership.ledger.rules.commands import Command
from shouyue.membership.ledger.rules.moves import Reason, RefusedError

__all__ = ["Purse", "RefusedError", "can_give", "gift", "pooled", "shares"]


@dataclass(frozen=True, slots=True)
class Purse:
    """What one member of a household has, and may still give this month. expires_on: of what expires first."""

    customer_id: UUID
    usable: int
    cap_left: int
    expires_on: int | None = None

    @property
    def gives(self) -> int:
        return max(0, min(self.usable, self.cap_left))


def shares(wanted: int, purses: Sequence[Purse]) -> list[tuple[UUID, int]] | None:
    """Who gives how much: first whose points expire first. None when they may not give so much together."""
    if sum(purse.gives for purse in purses) < wanted:
        return None
    told = []
    for purse in sorted(purses, key=lambda one: (one.expires_on is None, one.expires_on or 0, one.customer_id)):
        points = min(wanted, purse.gives)
        wanted -= points
        if points:
            told.append((purse.customer_id, points))
    return told


def can_give(points: int, *, given: int, most: int) -> bool:
    """Whether a gift keeps within what a member may give in a day."""
    return given + points <= most


def gift(wish_id: UUID, giver_id: UUID, taker_id: UUID, points: int) -> Command:
    return Command(id=wish_id, customer_id=giver_id, peer_id=taker_id, reason=Reason.GIFT, points=points)


def pooled(wish_id: UUID, giver_id: UUID, taker_id: UUID, points: int) -> Command:
    return Command(id=wish_id, customer_id=giver_id, peer_id=taker_id, reason=Reason.POOL, points=points)
