"""Move points: every verb of the ledger, for batches; a single call is a batch of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from shouyue.kernel.ids import keyed_id
from shouyue.kernel.merkle import merkle_root
from shouyue.membership.ledger.actions.shelves import Shelf, Written, close_shelf, open_shelf
from shouyue.membership.ledger.facts import PointsMoved
from shouyue.membership.ledger.models import Balance, Hold
from shouyue.membership.ledger.rules.commands import Command, carry_out
from shouyue.membership.ledger.rules.moves import Account, OtherContentError, Part, Reason, RefusedError
from shouyue.store import facts


class NotAMemberError(RefusedError):
    """Points are kept for members only."""


class NothingToUndoError(RefusedError):
    """No redemption of this customer has this id."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a command. points: that its first transfer moved. available: as of this call.

    refusal: why nothing happened. is_replay: it had been done before, and nothing happened now.
    """

    command: Command
    points: int = 0
    available: int = 0
    refusal: RefusedError | None = None
    is_replay: bool = False


@transaction.atomic
def enrol_members(customers: Iterable[UUID], *, at: datetime) -> int:
    """Make these customers members; returns how many were not yet."""
    with connection.cursor() as cursor:
        cursor.execute(_ENROL, [at, sorted(customers)])
        return int(cursor.rowcount)


@transaction.atomic(savepoint=False)
def move_points(commands: Sequence[Command], *, at: datetime, on: date, by: str) -> list[Done]:
    """Carry out commands in their order, one outcome each; one that is refused does not stop the others.

    on: the day they count for, by which lots are usable. Repeated under the same id, a command is not done again.
    """
    shelf = open_shelf(
        {customer for one in commands for customer in (one.customer_id, one.peer_id) if customer},
        holds=[(one.customer_id, one.target) for one in commands if one.target and one.reason in _SETTLING],
        lots=[(one.customer_id, str(one.target)) for one in commands if one.target and one.reason in _OF_A_LOT],
    )
    known = _known(commands)
    moment = int(at.timestamp() * 1_000_000)
    outcomes = [_do(shelf, known, command, day=on.toordinal(), made=moment) for command in commands]
    close_shelf(shelf, at=at, on=on, by=by)
    _announce(shelf.written, at=at, by=by)
    return outcomes


def move(command: Command, *, at: datetime, on: date, by: str) -> Done:
    """Carry out one command. Raises the RefusedError that refuses it."""
    [done] = move_points([command], at=at, on=on, by=by)
    if done.refusal is not None:
        raise done.refusal
    return done


@transaction.atomic
def undo_redemption(*, customer_id: UUID, transfer_id: UUID, at: datetime, on: date, by: str) -> Done:
    """Give redeemed points back to the lots they came from, once. Raises NothingToUndoError."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDOABLE, [customer_id, transfer_id])
        parts = [Part(str(lot), points, cost) for lot, points, cost in cursor.fetchall()]
    if not parts:
        raise NothingToUndoError
    command = Command(
        id=keyed_id(transfer_id, "undone"),
        customer_id=customer_id,
        reason=Reason.REVERSAL,
        points=sum(part.points for part in parts),
        target=transfer_id,
    )
    shelf = open_shelf([customer_id], holds=[], lots=[(customer_id, part.lot) for part in parts])
    book = shelf.books[customer_id]
    if command.id in {row_id for _customer, row_id in _known([command])}:
        return Done(command, command.points or 0, book.available(on.toordinal()), is_replay=True)
    book.restore(parts, debit=Account.REDEEMED, day=on.toordinal())
    shelf.note(command, customer_id)
    close_shelf(shelf, at=at, on=on, by=by)
    _announce(shelf.written, at=at, by=by)
    return Done(command, command.points or 0, book.available(on.toordinal()))


def release_ended_holds(*, at: datetime, on: date, by: str, most: int = 1000) -> int:
    """Set free the holds whose time has ended; returns how many."""
    ended = (
        Hold.objects.filter(state="standing", until__lte=at).order_by("until").values_list("customer_id", "id")[:most]
    )
    commands = [
        Command(id=keyed_id(hold_id, "ended"), customer_id=customer_id, reason=Reason.RELEASE, target=hold_id)
        for customer_id, hold_id in ended
    ]
    outcomes = move_points(commands, at=at, on=on, by=by) if commands else []
    return sum(done.refusal is None for done in outcomes)


def _do(
    shelf: Shelf, known: dict[tuple[UUID, UUID], tuple[object, ...]], command: Command, *, day: int, made: int
) -> Done:
    book = shelf.books.get(command.customer_id)
    if book is None or (command.peer_id and command.peer_id not in shelf.books):
        return Done(command, refusal=NotAMemberError(str(command.customer_id)))
    first = known.get((command.customer_id, command.id))
    if first is not None:
        return _replay(command, first, book.available(day))
    _settle(shelf, command, command.customer_id, day)
    try:
        carry_out(book, command, day=day, made=made)
    except RefusedError as refusal:
        return Done(command, available=book.available(day), refusal=refusal)
    rows = shelf.note(command, command.customer_id)
    if command.peer_id:
        _settle(shelf, command, command.peer_id, day)
        _hand_over(shelf, command, rows[0], day)
    if rows:
        known[command.customer_id, command.id] = (
            command.reason,
            abs(command.points or rows[0].move.points),
            command.order_id,
        )
    return Done(command, points=rows[0].move.points if rows else 0, available=book.available(day))


def _replay(command: Command, first: tuple[object, ...], available: int) -> Done:
    reason, points, order_id = first
    same = (reason, order_id) == (command.reason, command.order_id)
    if not same or (command.points is not None and abs(command.points) != points):
        return Done(command, available=available, refusal=OtherContentError(str(command.id)))
    return Done(command, points=int(str(points)), available=available, is_replay=True)


def _settle(shelf: Shelf, command: Command, customer_id: UUID, day: int) -> None:
    """What the calendar did since the last time: lots became active, others passed their last day."""
    book = shelf.books[customer_id]
    book.activate(day)
    book.expire(day)
    shelf.note(command, customer_id, is_settling=True)


def _hand_over(shelf: Shelf, command: Command, given: Written, day: int) -> None:
    """The other customer receives the same points with the same dates and costs."""
    giver, taker = shelf.books[command.customer_id], shelf.books[command.peer_id or command.customer_id]
    lots = []
    for number, part in enumerate(given.move.parts):
        source = giver.lots[part.lot]
        name = str(keyed_id(command.id, f"received {number}"))
        lots.append(
            replace(source, id=name, left=part.points, cost=part.cost, held=0, held_cost=0, made=(source.made[0], name))
        )
    taker.receive(lots, reason=command.reason, day=day)
    shelf.note(command, command.peer_id or command.customer_id)


def _known(commands: Sequence[Command]) -> dict[tuple[UUID, UUID], tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [[one.customer_id for one in commands], [one.id for one in commands]])
        return {(row[0], row[1]): row[2:] for row in cursor.fetchall()}


def _announce(written: Sequence[Written], *, at: datetime, by: str) -> None:
    by_reason: dict[Reason, list[Written]] = {}
    for row in written:
        by_reason.setdefault(row.command.reason, []).append(row)
    for reason, rows in by_reason.items():
        fact = PointsMoved(
            batch_id=rows[0].command.id,
            subject=rows[0].customer_id if len({row.customer_id for row in rows}) == 1 else None,
            row_count=len(rows),
            rows_root=merkle_root(
                f"{row.id} {row.move.debit} {row.move.credit} {row.move.points}".encode() for row in rows
            ),
            reason=reason,
            points=sum(row.move.points for row in rows if row.is_head),
        )
        facts.announce(fact, at=at, by=by)


def member_balance(customer_id: UUID) -> Balance | None:
    return Balance.objects.filter(customer_id=customer_id).first()


_SETTLING = (Reason.CAPTURE, Reason.RELEASE)
_OF_A_LOT = (Reason.CANCELLATION, Reason.RETURN)
_ENROL = """
INSERT INTO membership_balance (customer_id, enrolled_at, issued, pending, available, held, debt, redeemed, paid_out,
    expired, clawed_back, transit)
SELECT id, %s, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM unnest(%s::uuid[]) AS told (id) ORDER BY id
ON CONFLICT DO NOTHING
"""
_KNOWN = """
SELECT customer_id, id, reason, coalesce(asked, points), order_id
FROM unnest(%s::uuid[], %s::uuid[]) AS asked_for (customer_id, id) JOIN membership_transfer USING (customer_id, id)
"""
_UNDOABLE = """
SELECT take.lot_id, take.points, take.cost_fen FROM membership_take AS take
JOIN membership_transfer AS made ON made.customer_id = take.customer_id AND made.id = take.transfer_id
WHERE made.customer_id = %s AND made.id = %s AND made.credit = 'redeemed' ORDER BY take.id
"""
