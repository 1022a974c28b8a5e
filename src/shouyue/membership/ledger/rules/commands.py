"""Commands: what a caller wants done with one customer's points, and the verb of the book that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shouyue.membership.ledger.rules.book import Book, ReturnPolicy
from shouyue.membership.ledger.rules.moves import Account, Lot, PointsNotPositiveError, Reason, ShortOfPointsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One wish. id: its own name, under which it is done once; the id of its first transfer.

    points: None means all (of a hold). target: the hold, lot or transfer it is about.
    Days are ordinals. until: when a hold is set free by itself.
    """

    id: UUID
    customer_id: UUID
    reason: Reason
    points: int | None = None
    cost_fen: int = 0
    target: UUID | None = None
    order_id: UUID | None = None
    peer_id: UUID | None = None
    programme: int | None = None
    activates_on: int | None = None
    expires_on: int | None = None
    policy: ReturnPolicy = ReturnPolicy.UNLIMITED
    until: datetime | None = None

    @staticmethod
    def award(
        award_id: UUID, customer_id: UUID, points: int, *, cost_fen: int, days: tuple[date, date | None]
    ) -> "Command":
        """Give points. days: the first and the last on which they can be spent."""
        first, last = days
        return Command(
            id=award_id,
            customer_id=customer_id,
            reason=Reason.AWARD,
            points=points,
            cost_fen=cost_fen,
            activates_on=first.toordinal(),
            expires_on=last.toordinal() if last else None,
        )

    @staticmethod
    def cancellation(command_id: UUID, customer_id: UUID, points: int, *, lot: UUID) -> "Command":
        """Take back points of one lot that should not have been given."""
        return Command(id=command_id, customer_id=customer_id, reason=Reason.CANCELLATION, points=points, target=lot)

    @staticmethod
    def adjustment(command_id: UUID, customer_id: UUID, points: int, *, cost_fen: int) -> "Command":
        """Give points or, below zero, take them."""
        return Command(
            id=command_id, customer_id=customer_id, reason=Reason.ADJUSTMENT, points=points, cost_fen=max(0, cost_fen)
        )

    @staticmethod
    def holding(hold_id: UUID, customer_id: UUID, points: int) -> "Command":
        """Set points aside under an id, until `settling` pays them or sets them free."""
        return Command(id=hold_id, customer_id=customer_id, reason=Reason.HOLD, points=points)

    @staticmethod
    def settling(command_id: UUID, customer_id: UUID, *, hold: UUID, is_paid: bool) -> "Command":
        """Pay with all points of a hold, or set them free."""
        reason = Reason.CAPTURE if is_paid else Reason.RELEASE
        return Command(id=command_id, customer_id=customer_id, reason=reason, target=hold)

    @staticmethod
    def redemption(redemption_id: UUID, customer_id: UUID, points: int) -> "Command":
        """Spend points; the id undoes it."""
        return Command(id=redemption_id, customer_id=customer_id, reason=Reason.REDEMPTION, points=points)


def carry_out(book: Book, command: Command, *, day: int, made: int) -> None:
    """Let the book do what the command wants. made: orders new lots among those of the same expiry."""
    VERBS[command.reason](book, command, day, made)


def _award(book: Book, command: Command, day: int, made: int) -> None:
    book.award(_lot(command, made), reason=command.reason, day=day)


def _reinstate(book: Book, command: Command, day: int, made: int) -> None:
    book.reinstate(_lot(command, made), day=day)


def _lot(command: Command, made: int) -> Lot:
    name = str(command.id)
    return Lot(
        id=name,
        made=(made, name),
        left=command.points or 0,
        cost=command.cost_fen,
        activates_on=command.activates_on,
        expires_on=command.expires_on,
    )


def _spend(book: Book, command: Command, day: int, _made: int) -> None:
    book.spend(command.points or 0, day=day, reason=command.reason)


def _give(book: Book, command: Command, day: int, _made: int) -> None:
    book.spend(command.points or 0, day=day, to=Account.TRANSIT, reason=command.reason)


def _pay_out(book: Book, command: Command, day: int, _made: int) -> None:
    book.pay_out(points=command.points or 0, day=day)


def _hold(book: Book, command: Command, day: int, _made: int) -> None:
    book.hold(str(command.id), day=day, points=command.points or 0)


def _capture(book: Book, command: Command, day: int, _made: int) -> None:
    book.capture(str(command.target), day=day, points=command.points)


def _release(book: Book, command: Command, day: int, _made: int) -> None:
    book.release([str(command.target)], day=day, points=command.points)


def _cancel(book: Book, command: Command, day: int, _made: int) -> None:
    lot = None if command.target is None else str(command.target)
    book.cancel(command.points or 0, day=day, lot=lot, reason=command.reason)


def _take_back(book: Book, command: Command, day: int, _made: int) -> None:
    first = None if command.target is None else str(command.target)
    book.take_back(command.points or 0, policy=command.policy, day=day, first=first)


def _adjust(book: Book, command: Command, day: int, made: int) -> None:
    if command.points is not None and command.points > 0:
        _award(book, command, day, made)
        return
    wanted = -(command.points or 0)
    if wanted == 0:
        raise PointsNotPositiveError("0")
    if book.available(day) < wanted:
        raise ShortOfPointsError(wanted=wanted, usable=book.available(day))
    book.cancel(wanted, day=day, reason=command.reason)


VERBS: dict[Reason, Callable[[Book, Command, int, int], None]] = {
    Reason.PURCHASE: _award,
    Reason.AWARD: _award,
    Reason.REDEMPTION: _spend,
    Reason.PAYOUT: _pay_out,
    Reason.GIFT: _give,
    Reason.POOL: _give,
    Reason.HOLD: _hold,
    Reason.CAPTURE: _capture,
    Reason.RELEASE: _release,
    Reason.CANCELLATION: _cancel,
    Reason.RETURN: _take_back,
    Reason.ADJUSTMENT: _adjust,
    Reason.REVERSAL: _reinstate,
}
