"""Members at the till: enrol one, move their points, let one order earn at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shouyue.customers.public import Customer, ids_of_person
from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import NotAMemberError, enrol_members
from shouyue.membership.persons.public import move_of_person, undo_of_person
from shouyue.membership.tills.actions.earning import earn_of_members, lock_members
from shouyue.membership.tills.actions.selling import RefusedSaleError, refused_by_ledger
from shouyue.membership.tills.queries import earned, reasons_of, standing_of_person
from shouyue.membership.tills.rules.wishes import Command


class UnknownCustomerError(Exception):
    """Nobody has this id."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Points that moved. id: of the movement. usable: what can be spent after it."""

    id: UUID
    points: int
    usable: int


@dataclass(frozen=True, slots=True)
class EarnedNow:
    """What an order has earned, and why."""

    points: int
    parts: Sequence[Sequence[str | None]]


@transaction.atomic
def enrol(customer_id: UUID, *, joined_at: datetime) -> bool:
    """Make a customer a member from a moment on; whether they were none before. Raises UnknownCustomerError."""
    if not Customer.objects.filter(pk=customer_id).exists():
        raise UnknownCustomerError
    return enrol_members([customer_id], at=joined_at) == 1


def move_for_till(command: Command, *, at: datetime, by: str) -> Moved:
    """Carry out one command for the person behind the number. Raises RefusedSaleError with what can be spent."""
    ids = _ids(command.customer_id)
    done = move_of_person(command, ids, at=at, on=timezone.localdate(at), by=by)
    if isinstance(done.refusal, NotAMemberError):
        raise RefusedSaleError("unknown_member")
    if done.refusal is not None:
        raise refused_by_ledger(done.refusal, usable=done.available)
    return Moved(command.id, done.points, done.available)


def give_back_redemption(customer_id: UUID, redemption_id: UUID, *, at: datetime, by: str) -> Moved | None:
    """Undo a redemption of a person, once, for every number that paid. None: there is no such redemption."""
    on = timezone.localdate(at)
    points = undo_of_person(redemption_id, _ids(customer_id), at=at, on=on, by=by)
    if not points:
        return None
    return Moved(keyed_id(redemption_id, "undone"), points, standing_of_person(customer_id, on=on).usable)


def _ids(customer_id: UUID) -> list[UUID]:
    return ids_of_person([customer_id])[customer_id]


@transaction.atomic
def earn_for_order(customer_id: UUID, order_id: UUID, *, at: datetime, by: str) -> EarnedNow | None:
    """Bring one recorded order to what it is due. None: this customer has no such sale.

    Raises RefusedSaleError for whoever is no member.
    """
    members = lock_members([customer_id])
    if not members:
        raise RefusedSaleError("unknown_member")
    pair = (customer_id, order_id)
    settled = earn_of_members(members, [], at=at, by=by, orders=[pair])
    if not any(one.goods.order_id == order_id for one in settled):
        return None
    return EarnedNow(earned([pair])[order_id].points, reasons_of([pair]).get(order_id, ()))
