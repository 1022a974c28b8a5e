"""Give points to another member; share them with a household. What moves keeps its lots, dates and costs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import Balance, NotAMemberError, Transfer, move_points, standings
from shouyue.membership.sharing.facts import PoolConsented
from shouyue.membership.sharing.models import PoolMember
from shouyue.membership.sharing.queries import gone
from shouyue.membership.sharing.rules.shares import Purse, can_give, gift, pooled, shares
from shouyue.store import facts

GIFT_MOST_A_DAY: Final = 5_000
POOL_MEMBERS_MAX: Final = 8


class NotSharedError(Exception):
    """Points cannot be shared so. why: no_member, own, cap, short, other_pool, full or no_pool; usable: what can be."""

    def __init__(self, why: str, usable: int = 0) -> None:
        super().__init__(why)
        self.why, self.usable = why, usable


@transaction.atomic
def give(wish_id: UUID, giver_id: UUID, taker_id: UUID, points: int, *, on: date, at: datetime, by: str) -> int:
    """Give points to another member, once; returns what the giver can still spend. Raises NotSharedError.

    A member gives at most GIFT_MOST_A_DAY a day.
    """
    if giver_id == taker_id:
        raise NotSharedError("own")
    _lock([giver_id, taker_id])
    known = Transfer.objects.filter(customer_id=giver_id, id=wish_id).exists()
    given = 0 if known else gone([giver_id], "gift", since=on).get(giver_id, 0)
    if not can_give(points, given=given, most=GIFT_MOST_A_DAY):
        raise NotSharedError("cap", max(0, GIFT_MOST_A_DAY - given))
    [done] = move_points([gift(wish_id, giver_id, taker_id, points)], at=at, on=on, by=by)
    if done.refusal is not None:
        is_stranger = isinstance(done.refusal, NotAMemberError)
        raise NotSharedError("no_member" if is_stranger else "short", done.available) from done.refusal
    return done.available


@transaction.atomic
def share(customer_id: UUID, pool_id: UUID, cap_points: int, *, at: datetime, by: str) -> None:
    """Let a household draw on a member's points, or change the cap. Raises NotSharedError."""
    _lock([customer_id])
    row = PoolMember.objects.filter(pk=customer_id).first()
    if row is not None and row.pool_id != pool_id:
        raise NotSharedError("other_pool")
    if row is not None and row.cap_points == cap_points:
        return
    if row is None and PoolMember.objects.select_for_update().filter(pool_id=pool_id).count() >= POOL_MEMBERS_MAX:
        raise NotSharedError("full")
    PoolMember.objects.update_or_create(
        pk=customer_id,
        defaults={"pool_id": pool_id, "cap_points": cap_points, "consented_at": at, "consented_by": by},
    )
    facts.announce(PoolConsented(subject=customer_id, pool_id=pool_id, cap_points=cap_points), at=at, by=by)


@transaction.atomic
def stop_sharing(customer_id: UUID, *, at: datetime, by: str) -> bool:
    """Take the consent back; what was drawn stays drawn. False: there was none."""
    row = PoolMember.objects.select_for_update().filter(pk=customer_id).first()
    if row is None:
        return False
    pool_id = row.pool_id
    row.delete()
    facts.announce(PoolConsented(subject=customer_id, pool_id=pool_id, cap_points=0), at=at, by=by)
    return True


@transaction.atomic
def draw(wish_id: UUID, customer_id: UUID, points: int, *, on: date, at: datetime, by: str) -> int:
    """Bring points of the household to one of it, once; returns what that member can spend then.

    All of it or nothing, from those whose points expire first, each within their cap of the month.
    Raises NotSharedError.
    """
    own = PoolMember.objects.filter(pk=customer_id).first()
    if own is None:
        raise NotSharedError("no_pool")
    consents = dict(PoolMember.objects.filter(pool_id=own.pool_id).values_list("customer_id", "cap_points"))
    members = sorted(consents)
    _lock(members)
    if not Transfer.objects.filter(
        customer_id=customer_id, reason="pool", command_id__in=_ids(wish_id, members)
    ).exists():
        others = [one for one in members if one != customer_id]
        told = shares(points, _purses(others, consents, on=on))
        if told is None:
            raise NotSharedError("short", sum(purse.gives for purse in _purses(others, consents, on=on)))
        commands = [pooled(keyed_id(wish_id, str(who)), who, customer_id, some) for who, some in told]
        for done in move_points(commands, at=at, on=on, by=by):
            if done.refusal is not None:
                raise NotSharedError("short", done.available) from done.refusal
    return standings([customer_id], on=on)[customer_id].usable


def _ids(wish_id: UUID, members: Sequence[UUID]) -> list[UUID]:
    return [keyed_id(wish_id, str(who)) for who in members]


def _purses(members: Sequence[UUID], caps: dict[UUID, int], *, on: date) -> list[Purse]:
    given = gone(members, "pool", since=on.replace(day=1))
    return [
        Purse(
            customer_id=one.customer_id,
            usable=0 if one.debt else one.usable,
            cap_left=caps[one.customer_id] - given.get(one.customer_id, 0),
            expires_on=one.next_expires_on.toordinal() if one.next_expires_on else None,
        )
        for one in standings(members, on=on).values()
    ]


def _lock(customers: Sequence[UUID]) -> None:
    """Lock the balances in order, so that caps are counted once. Raises NotSharedError for whoever is no member."""
    found = Balance.objects.select_for_update().filter(customer_id__in=customers).order_by("customer_id")
    if len(list(found)) < len(set(customers)):
        raise NotSharedError("no_member")
