"""Points of a person, whatever number they are known under: a merge moves nothing, so all of their numbers pay.

Each number's part is a command of its own, under that number's lots, so that un-merging finds everything in its place.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import (
    Balance,
    Command,
    Done,
    Hold,
    Lot,
    NotAMemberError,
    Transfer,
    move_points,
    standings,
    undo_redemption,
)
from shouyue.membership.persons.queries import members_after
from shouyue.membership.persons.rules.spreading import (
    Left,
    OtherContentError,
    Reason,
    RefusedError,
    ShortOfPointsError,
    UnknownHoldError,
    spread,
)
from shouyue.store.jobs import Handle


def move_of_person(command: Command, ids: Sequence[UUID], *, at: datetime, on: date, by: str) -> Done:
    """Carry out a command that takes points, or settles a hold, from all numbers of a person.

    ids: the numbers. The outcome's points and what is available are those of all of them together. All or nothing;
    repeated under the same id, it is not done again.
    """
    if list(ids) == [command.customer_id]:
        [done] = move_points([command], at=at, on=on, by=by)
        return done
    try:
        with transaction.atomic():
            return _moved(command, ids, at=at, on=on, by=by)
    except RefusedError as refusal:
        return Done(command, available=usable_of(ids, on=on), refusal=refusal)


@transaction.atomic
def undo_of_person(redemption_id: UUID, ids: Sequence[UUID], *, at: datetime, on: date, by: str) -> int:
    """Give back what the numbers of a person paid for a redemption, to the lots it came from, once; how many points."""
    _lock(ids)
    points = 0
    for who, name in _names(redemption_id, ids):
        try:
            points += undo_redemption(customer_id=who, transfer_id=name, at=at, on=on, by=by).points
        except RefusedError:  # this number paid nothing
            continue
    return points


def usable_of(ids: Sequence[UUID], *, on: date) -> int:
    """What a person can spend: all that their numbers hold, less what any of them owes."""
    found = list(standings(ids, on=on).values())
    return found[0].joined(found[1:]).usable if found else 0


def walk_members(handle: Handle, act: Callable[[list[UUID]], object], *, most: int) -> None:
    """Act on batches of at most so many members, each in a transaction with the job's cursor.

    A run that was broken off goes on behind its last batch.
    """
    done, last = 0, UUID(handle.cursor) if handle.cursor else None
    while batch := members_after(last, most=most):
        last, done = batch[-1], done + len(batch)
        with transaction.atomic():
            act(batch)
            handle.save_cursor(str(last))
        handle.progress(done)
    handle.progress(done, done)


def _moved(command: Command, ids: Sequence[UUID], *, at: datetime, on: date, by: str) -> Done:
    debts = _lock([*ids, *([command.peer_id] if command.peer_id else [])])
    members = [who for who in ids if who in debts]
    if not members or (command.peer_id and command.peer_id not in debts):
        raise NotAMemberError(str(command.customer_id))
    done_before = _known(command, members)
    if done_before is not None:
        return Done(command, done_before, usable_of(ids, on=on), is_replay=True)
    if command.reason in _SETTLING:
        parts = _of_hold(command, members)
    else:
        wanted = abs(command.points or 0)
        paid = spread(wanted, _left(members, on=on), {who: debts[who] for who in members})
        if not wanted or paid is None:
            raise ShortOfPointsError(wanted=wanted, usable=usable_of(ids, on=on))
        sign = -1 if command.points is not None and command.points < 0 else 1
        parts = [replace(command, id=_name(command, who), customer_id=who, points=sign * n) for who, n in paid.items()]
    outcomes = move_points(parts, at=at, on=on, by=by)
    for one in outcomes:
        if one.refusal is not None:
            raise one.refusal
    points = sum(one.points for one in outcomes if one.command.reason is command.reason)
    return Done(command, points, usable_of(ids, on=on))


def _lock(customers: Iterable[UUID]) -> dict[UUID, int]:
    """Lock the balances of those who are members, in order; what each owes."""
    found = Balance.objects.select_for_update().filter(customer_id__in=list(customers)).order_by("customer_id")
    return {one.customer_id: one.debt for one in found}


def _name(command: Command, who: UUID) -> UUID:
    """The number that was named has the command's own id, so that it is known even after an un-merging."""
    return command.id if who == command.customer_id else keyed_id(command.id, str(who))


def _names(name: UUID, ids: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    """What a command of a person can be called under each number: which of them was named, the next call may not."""
    for who in sorted(ids):
        yield who, name
        yield who, keyed_id(name, str(who))


def _any_of(names: Iterable[tuple[UUID, UUID]]) -> Q:
    customers, ids = zip(*names, strict=True)
    return Q(customer_id__in=set(customers), id__in=set(ids))


def _known(command: Command, members: Sequence[UUID]) -> int | None:
    """The points that this command moved before; None if it was not. Raises OtherContentError."""
    rows = list(Transfer.objects.filter(_any_of(_names(command.id, members))))
    if not rows:
        return None
    same = [row for row in rows if (row.reason, row.order_id) == (command.reason, command.order_id)]
    points = sum(row.points if row.asked is None else row.asked for row in same)
    if not same or (command.points is not None and abs(command.points) != points):
        raise OtherContentError(str(command.id))
    return points


def _of_hold(command: Command, members: Sequence[UUID]) -> list[Command]:
    """Capture or release, number by number, what stands under a hold; what a capture leaves is set free."""
    if command.target is None:
        raise UnknownHoldError(str(command.id))
    holds = list(Hold.objects.filter(_any_of(_names(command.target, members)), state="standing"))
    standing = [(row.customer_id, UUID(lot), points) for row in holds for lot, points, _cost in row.parts]
    held = sum(points for _who, _lot, points in standing)
    if not held:
        raise UnknownHoldError(str(command.target))
    lots = {
        (lot.customer_id, lot.id): lot
        for lot in Lot.objects.filter(_any_of((who, lot) for who, lot, _points in standing))
    }
    wanted = held if command.points is None else command.points
    paid = spread(wanted, [_as_left(lots[who, lot], points) for who, lot, points in standing])
    if wanted <= 0 or paid is None:
        raise ShortOfPointsError(wanted=wanted, usable=held)
    parts = []
    for row in holds:
        part = replace(command, id=_name(command, row.customer_id), customer_id=row.customer_id, target=row.id)
        if row.customer_id in paid:
            parts.append(replace(part, points=None if command.points is None else paid[row.customer_id]))
        elif command.reason is Reason.CAPTURE:
            parts.append(replace(part, reason=Reason.RELEASE, points=None))
    return parts


def _left(members: Sequence[UUID], *, on: date) -> list[Left]:
    good = Q(expires_on__isnull=True) | Q(expires_on__gte=on)
    active = Q(is_pending=False) | Q(activates_on__lte=on)
    return [_as_left(lot, lot.left) for lot in Lot.objects.filter(good & active, customer_id__in=members, left__gt=0)]


def _as_left(lot: Lot, points: int) -> Left:
    last = lot.expires_on.toordinal() if lot.expires_on else None
    return Left(lot.customer_id, points, last, lot.made_at.timestamp())


_SETTLING = (Reason.CAPTURE, Reason.RELEASE)
