"""Give points to another member; share them with a household. What moves keeps its lots, dates and costs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from shouyue.customers.public import ids_of_person
from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import Balance, NotAMemberError, Transfer, standings
from shouyue.membership.persons.public import move_of_person
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

    A member gives at most GIFT_MOST_A_DAY a day, from whatever numbers they have.
    """
    ids = ids_of_person([giver_id])[giver_id]
    if taker_id in ids:
        raise NotSharedError("own")
    if not _lock([*ids, taker_id]) >= {giver_id, taker_id}:
        raise NotSharedError("no_member")
    known = Transfer.objects.filter(customer_id__in=ids, id__in=[wish_id, *_ids(wish_id, ids)]).exists()
    given = 0 if known else sum(gone(ids, "gift", since=on).values())
    if not can_give(points, given=given, most=GIFT_MOST_A_DAY):
        raise NotSharedError("cap", max(0, GIFT_MOST_A_DAY - given))
    done = move_of_person(gift(wish_id, giver_id, taker_id, points), ids, at=at, on=on, by=by)
    if done.refusal is not None:
        is_stranger = isinstance(done.refusal, NotAMemberError)
        raise NotSharedError("no_member" if is_stranger else "short", done.available) from done.refusal
    return done.available


@transaction.atomic
def share(customer_id: UUID, pool_id: UUID, cap_points: int, *, at: datetime, by: str) -> None:
    """Let a household draw on a person's points, or change the cap, whatever number was given it before.

    Raises NotSharedError.
    """
    ids = ids_of_person([customer_id])[customer_id]
    if customer_id not in _lock(ids):
        raise NotSharedError("no_member")
    rows = {row.customer_id: row for row in PoolMember.objects.filter(pk__in=ids)}
    if any(row.pool_id != pool_id for row in rows.values()):
        raise NotSharedError("other_pool")
    if rows and all(row.cap_points == cap_points for row in rows.values()):
        return
    if not rows and PoolMember.objects.select_for_update().filter(pool_id=pool_id).count() >= POOL_MEMBERS_MAX:
        raise NotSharedError("full")
    for who in sorted(rows) or [customer_id]:
        PoolMember.objects.update_or_create(
            pk=who,
            defaults={"pool_id": pool_id, "cap_points": cap_points, "consented_at": at, "consented_by": by},
        )
        facts.announce(PoolConsented(subject=who, pool_id=pool_id, cap_points=cap_points), at=at, by=by)


@transaction.atomic
def stop_sharing(customer_id: UUID, *, at: datetime, by: str) -> bool:
    """Take a person's consent back, under all their numbers; what was drawn stays drawn. False: there was none."""
    ids = ids_of_person([customer_id]).get(customer_id, [customer_id])
    rows = list(PoolMember.objects.select_for_update().filter(pk__in=ids).order_by("customer_id"))
    for row in rows:
        row.delete()
        gone_from = PoolConsented(subject=row.customer_id, pool_id=row.pool_id, cap_points=0)
        facts.announce(gone_from, at=at, by=by)
    return bool(rows)


@transaction.atomic
def draw(wish_id: UUID, customer_id: UUID, points: int, *, on: date, at: datetime, by: str) -> int:
    """Bring points of the household to one of it, once; returns what that member can spend then.

    All of it or nothing, from those whose points expire first, each within their cap of the month.
    Raises NotSharedError.
    """
    own = PoolMember.objects.filter(pk__in=ids_of_person([customer_id])[customer_id]).order_by("consented_at").first()
    if own is None:
        raise NotSharedError("no_pool")
    caps = dict(PoolMember.objects.filter(pool_id=own.pool_id).values_list("customer_id", "cap_points"))
    persons = ids_of_person([customer_id, *caps])
    if customer_id not in _lock({one for ids in persons.values() for one in ids}):
        raise NotSharedError("no_member")
    names = _ids(wish_id, list(caps))
    names += [keyed_id(keyed_id(wish_id, str(who)), str(one)) for who in caps for one in persons[who]]
    if not Transfer.objects.filter(customer_id=customer_id, reason="pool", command_id__in=names).exists():
        purses = _purses(_others(customer_id, caps, persons), caps, persons, on=on)
        told = shares(points, purses)
        if told is None:
            raise NotSharedError("short", sum(purse.gives for purse in purses))
        for who, some in told:
            command = pooled(keyed_id(wish_id, str(who)), who, customer_id, some)
            done = move_of_person(command, persons[who], at=at, on=on, by=by)
            if done.refusal is not None:
                raise NotSharedError("short", done.available) from done.refusal
    have = standings(persons[customer_id], on=on)
    return have[customer_id].joined(one for who, one in have.items() if who != customer_id).usable


def _ids(wish_id: UUID, members: Sequence[UUID]) -> list[UUID]:
    return [keyed_id(wish_id, str(who)) for who in members]


def _others(customer_id: UUID, caps: Mapping[UUID, int], persons: Mapping[UUID, Sequence[UUID]]) -> list[UUID]:
    """The other persons of a household: of several consents of one, the one that lets it draw most."""
    by_person = {persons[who][0]: who for who in sorted(caps, key=lambda one: (caps[one], one))}
    by_person.pop(persons[customer_id][0], None)
    return sorted(by_person.values())


def _purses(
    members: Sequence[UUID], caps: Mapping[UUID, int], persons: Mapping[UUID, Sequence[UUID]], *, on: date
) -> list[Purse]:
    everybody = [one for who in members for one in persons[who]]
    given, have = gone(everybody, "pool", since=on.replace(day=1)), standings(everybody, on=on)
    purses = []
    for who in members:
        numbers = [have[one] for one in persons[who] if one in have]
        if numbers:
            held, drawn = numbers[0].joined(numbers[1:]), sum(given.get(one, 0) for one in persons[who])
            last = held.next_expires_on.toordinal() if held.next_expires_on else None
            purses.append(Purse(who, held.usable, caps[who] - drawn, last))
    return purses


def _lock(customers: Iterable[UUID]) -> set[UUID]:
    """Lock the balances in order, so that caps are counted once; who of them is a member."""
    found = Balance.objects.select_for_update().filter(customer_id__in=list(customers)).order_by("customer_id")
    return {one.customer_id for one in found}
