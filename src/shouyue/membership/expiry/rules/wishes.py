"""Points that come back after they expired, as a command of the ledger."""

from typing import Final
from uuid import UUID

from shouyue.membership.ledger.rules.commands import Command
from shouyue.membership.ledger.rules.moves import Reason

# So many days after their expiry points can still come back.
WINDOW_DAYS: Final = 30


def reinstated(wish_id: UUID, customer_id: UUID, points: int, *, cost_fen: int, expires_on: int) -> Command:
    """expires_on: the last day of the lot that they become."""
    return Command(
        id=wish_id,
        customer_id=customer_id,
        reason=Reason.REVERSAL,
        points=points,
        cost_fen=cost_fen,
        expires_on=expires_on,
    )
