"""What a till wishes of the ledger, as its commands."""

from datetime import date, datetime
from uuid import UUID

from shouyue.membership.ledger.rules.book import ReturnPolicy
from shouyue.membership.ledger.rules.commands import Command
from shouyue.membership.ledger.rules.earning import lot_days
from shouyue.membership.ledger.rules.moves import (
    Account,
    OtherContentError,
    PointsNotPositiveError,
    Reason,
    RefusedError,
    ShortOfPointsError,
    UnknownHoldError,
)

__all__ = [
    "Account",
    "Command",
    "OtherContentError",
    "PointsNotPositiveError",
    "RefusedError",
    "ReturnPolicy",
    "ShortOfPointsError",
    "UnknownHoldError",
    "capture",
    "given_again",
    "hold",
    "redemption",
    "release",
    "taken_back",
]


def taken_back(wish_id: UUID, customer_id: UUID, order_id: UUID, points: int, policy: ReturnPolicy) -> Command:
    """Take points of an order back, those of its own lot first."""
    return Command(
        id=wish_id,
        customer_id=customer_id,
        reason=Reason.RETURN,
        points=points,
        target=order_id,
        order_id=order_id,
        policy=policy,
    )


def given_again(
    wish_id: UUID,
    customer_id: UUID,
    order_id: UUID,
    points: int,
    *,
    cost_fen: int,
    day: date,
    pending_days: int,
    expire_after_days: int | None,
) -> Command:
    """Points that an order earns after all, because less came back of it than was thought. day: of the order."""
    first, last = lot_days(day.toordinal(), pending_days=pending_days, expire_after_days=expire_after_days)
    return Command(
        id=wish_id,
        customer_id=customer_id,
        reason=Reason.PURCHASE,
        points=points,
        cost_fen=cost_fen,
        order_id=order_id,
        activates_on=first,
        expires_on=last,
    )


def redemption(wish_id: UUID, customer_id: UUID, points: int, order_id: UUID | None = None) -> Command:
    return Command(id=wish_id, customer_id=customer_id, reason=Reason.REDEMPTION, points=points, order_id=order_id)


def hold(wish_id: UUID, customer_id: UUID, points: int, until: datetime | None) -> Command:
    return Command(id=wish_id, customer_id=customer_id, reason=Reason.HOLD, points=points, until=until)


def capture(wish_id: UUID, customer_id: UUID, hold_id: UUID, points: int | None) -> Command:
    return Command(id=wish_id, customer_id=customer_id, reason=Reason.CAPTURE, points=points, target=hold_id)


def release(wish_id: UUID, customer_id: UUID, hold_id: UUID, points: int | None) -> Command:
    return Command(id=wish_id, customer_id=customer_id, reason=Reason.RELEASE, points=points, target=hold_id)
