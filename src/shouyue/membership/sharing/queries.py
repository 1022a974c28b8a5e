"""Questions about households that share points."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from shouyue.customers.public import customers_found, ids_of_person
from shouyue.membership.ledger.public import standings
from shouyue.membership.sharing.models import PoolMember

LISTED_MAX = 200


@dataclass(frozen=True, slots=True)
class Sharer:
    """One consent to a household. usable: points the person has; drawn: what the household took of them this month.

    person: the number that stands for all of theirs.
    """

    consent: PoolMember
    person: UUID
    usable: int
    drawn: int

    @property
    def left(self) -> int:
        """What the household may still draw this month."""
        return max(0, min(self.usable, self.consent.cap_points - self.drawn))


def households(*, on: date) -> list[list[Sharer]]:
    """Households that share points, each with its members, the longest sharing first; four statements."""
    rows = list(PoolMember.objects.order_by("consented_at", "customer_id")[:LISTED_MAX])
    return list(_by_household(rows, on=on).values())


def own_consent(customer_id: UUID) -> PoolMember | None:
    """The consent of a person, under whatever number it was given first."""
    ids = ids_of_person([customer_id]).get(customer_id, [customer_id])
    return PoolMember.objects.filter(pk__in=ids).order_by("consented_at", "customer_id").first()


def household_of(own: PoolMember | None, *, on: date) -> list[Sharer]:
    """Everybody in the household of a consent; nobody if there is none."""
    if own is None:
        return []
    rows = list(PoolMember.objects.filter(pool_id=own.pool_id).order_by("consented_at", "customer_id"))
    return _by_household(rows, on=on)[own.pool_id]


def to_draw(sharers: Sequence[Sharer], own: PoolMember | None) -> int:
    """What a household may still draw this month for the person of a consent: of each other person once."""
    found: dict[UUID, int] = {}
    for one in sharers:
        found[one.person] = max(found.get(one.person, 0), one.left)
    mine = {one.person for one in sharers if own is not None and one.consent.pk == own.pk}
    return sum(left for person, left in found.items() if person not in mine)


def pool_of_number(number: str) -> UUID | None:
    """The household of the member with exactly this number; None where they share with nobody."""
    exact = [one.pk for one in customers_found(number).customers if one.source_key.upper() == number.strip().upper()]
    row = PoolMember.objects.filter(pk__in=exact).order_by("consented_at").first()
    return row.pool_id if row else None


def gone(members: Sequence[UUID], reason: str, *, since: date) -> dict[UUID, int]:
    """Points that went from each of them to others for this reason since a day."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [list(members), reason, since])
        return dict(cursor.fetchall())


def _by_household(rows: list[PoolMember], *, on: date) -> dict[UUID, list[Sharer]]:
    persons = ids_of_person([row.customer_id for row in rows])
    everybody = sorted({one for ids in persons.values() for one in ids})
    have, drawn = standings(everybody, on=on), gone(everybody, "pool", since=on.replace(day=1))
    found: dict[UUID, list[Sharer]] = defaultdict(list)
    for row in rows:
        ids = persons[row.customer_id]
        held = [have[one] for one in ids if one in have]
        usable = held[0].joined(held[1:]).usable if held else 0
        found[row.pool_id].append(Sharer(row, ids[0], usable, sum(drawn.get(one, 0) for one in ids)))
    return dict(found)


_GONE = """
SELECT customer_id, sum(points)::bigint FROM membership_transfer
WHERE customer_id = ANY(%s::uuid[]) AND reason = %s AND credit = 'transit' AND effective_on >= %s GROUP BY customer_id
"""
