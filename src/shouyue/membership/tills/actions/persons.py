"""Redemptions of a person, whatever number they are known under: a merge moves nothing, so all of them pay."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shouyue.customers.public import ids_of_person
from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import Lot, Transfer, move_points, undo_redemption
from shouyue.membership.tills.actions.earning import lock_members
from shouyue.membership.tills.actions.members import Moved, move_for_till
from shouyue.membership.tills.actions.selling import RefusedSaleError
from shouyue.membership.tills.queries import standing_of_person
from shouyue.membership.tills.rules.persons import Left, spread
from shouyue.membership.tills.rules.wishes import RefusedError, redemption


@transaction.atomic
def redeem_of_person(wish_id: UUID, customer_id: UUID, points: int, *, at: datetime, by: str) -> Moved:
    """Redeem points of a person, once. Raises RefusedSaleError."""
    ids = _ids(customer_id)
    if len(ids) == 1:
        return move_for_till(redemption(wish_id, customer_id, points), at=at, by=by)
    on = timezone.localdate(at)
    members = sorted(lock_members(ids))
    if not Transfer.objects.filter(customer_id__in=members, id__in=[wish_id, *_names(wish_id, members)]).exists():
        paid = spread(points, _left(members, on=on))
        if paid is None:
            raise RefusedSaleError("points_short", standing_of_person(customer_id, on=on).usable)
        commands = [redemption(keyed_id(wish_id, str(who)), who, some) for who, some in paid.items()]
        if any(done.refusal is not None for done in move_points(commands, at=at, on=on, by=by)):
            raise RefusedSaleError("points_short", standing_of_person(customer_id, on=on).usable)
    return Moved(wish_id, points, standing_of_person(customer_id, on=on).usable)


@transaction.atomic
def give_back_redemption(customer_id: UUID, redemption_id: UUID, *, at: datetime, by: str) -> Moved | None:
    """Undo a redemption of a person, once, for every number that paid. None: there is no such redemption."""
    on, points = timezone.localdate(at), 0
    ids = _ids(customer_id)
    names = [(who, redemption_id) for who in ids] + list(zip(ids, _names(redemption_id, ids), strict=True))
    for who, name in names:
        try:
            points += undo_redemption(customer_id=who, transfer_id=name, at=at, on=on, by=by).points
        except RefusedError:
            continue
    if not points:
        return None
    return Moved(keyed_id(redemption_id, "undone"), points, standing_of_person(customer_id, on=on).usable)


def _ids(customer_id: UUID) -> list[UUID]:
    return ids_of_person([customer_id]).get(customer_id, [customer_id])


def _names(wish_id: UUID, members: Sequence[UUID]) -> list[UUID]:
    return [keyed_id(wish_id, str(who)) for who in members]


def _left(members: Sequence[UUID], *, on: date) -> list[Left]:
    good = Q(expires_on__isnull=True) | Q(expires_on__gte=on)
    active = Q(is_pending=False) | Q(activates_on__lte=on)
    found = Lot.objects.filter(good & active, customer_id__in=members, left__gt=0)
    return [
        Left(lot.customer_id, lot.left, lot.expires_on.toordinal() if lot.expires_on else None, lot.made_at.timestamp())
        for lot in found
    ]
