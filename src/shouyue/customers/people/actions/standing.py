"""How customers and their persons stand, whole and locked, and how they are put back to an earlier standing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from shouyue.customers.attesting.public import bits_of
from shouyue.customers.people.actions.ensuring import CustomerFacts
from shouyue.customers.people.actions.people import make_findable, write_over
from shouyue.customers.people.models import Person
from shouyue.customers.people.rules.people import Known
from shouyue.store.copying import text_array, uuid_array
from shouyue.store.digests import forget_identities
from shouyue.store.person_keys import PersonKeys, discard


class Standing(NamedTuple):
    """A customer and what stands behind the person, of whom three are None where no person is recorded.

    A value of the person that becomes another one moves `updated_at`. by_hand: JSON, what somebody set and when.
    """

    customer_id: UUID
    kind: str
    country: str
    region: str
    city: str
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    updated_at: datetime | None
    first_attestation_id: UUID | None
    first_fields: int | None
    by_hand: str | None

    @classmethod
    def made(cls, told: CustomerFacts, known: Known, *, at: datetime, first: UUID) -> "Standing":
        """How somebody stands whom this alone made, with a person, at a moment. first: the attestation."""
        place = (told.kind, told.country, told.region, told.city)
        return cls(told.id, *place, told.seen_at, told.seen_at, at, first, bits_of(known), None)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a customer is to be again. known: of the person; None where none was recorded."""

    standing: Standing
    known: Known | None


def standing_of(customers: Sequence[UUID], *, are_locked: bool = False) -> dict[UUID, Standing]:
    """How those of these customers stand that there are, locked in the order of ids until the open transaction ends.

    are_locked: the open transaction has locked or made them all already. Two statements, then one.
    """
    there = customers
    with connection.cursor() as cursor:
        if not are_locked:
            cursor.execute(_LOCK, [uuid_array(customers)])
            there = [row[0] for row in cursor.fetchall()]
        # A statement of its own sees what the lock had to wait for.
        cursor.execute(_STANDING, [uuid_array(there)])
        return {row[0]: Standing(*row) for row in cursor.fetchall()}


@transaction.atomic
def put_back(earlier: Mapping[UUID, Earlier], *, at: datetime, with_persons: bool = True) -> None:
    """Give customers and persons their earlier values and moments again. The caller has locked them.

    with_persons: False leaves persons as they are.

    Writes nothing about attestations, which are never taken back, and nothing about what was set by hand, which an
    import does not change. A fixed number of statements.
    """
    if not earlier:
        return
    _put_places([one.standing for one in earlier.values()])
    if not with_persons:
        return
    persons = {who: one.known for who, one in earlier.items() if one.known is not None}
    nobody = [who for who, one in earlier.items() if one.known is None]
    Person.objects.filter(pk__in=nobody).delete()
    forget_identities(nobody)
    if persons:
        write_over(persons, PersonKeys().made_keys_for(persons, at=at), at)
        make_findable({}, persons)
        _put_moments([earlier[who].standing for who in persons])


@transaction.atomic
def remove_customers(customers: Sequence[UUID]) -> None:
    """Take customers away of whom nothing else is recorded, with persons, digests and keys. The caller has locked them.

    The database refuses it for those who are pointed at.
    """
    forget_identities(customers)
    Person.objects.filter(pk__in=customers).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_customer WHERE id = ANY(%s::uuid[])", [uuid_array(customers)])
    discard(customers)


def _put_places(rows: Sequence[Standing]) -> None:
    texts = [text_array(getattr(row, name) for row in rows) for name in ("kind", "country", "region", "city")]
    moments = [[row.first_seen_at for row in rows], [row.last_seen_at for row in rows]]
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [uuid_array(row.customer_id for row in rows), *texts, *moments])


def _put_moments(rows: Sequence[Standing]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MOMENTS, [uuid_array(row.customer_id for row in rows), [row.updated_at for row in rows]])


_LOCK = "SELECT id FROM customers_customer WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE"
_STANDING = """
SELECT customer.id, kind, country, region, city, first_seen_at, last_seen_at,
    person.updated_at, person.first_attestation_id, person.first_fields, customer.by_hand::text
FROM customers_customer AS customer LEFT JOIN customers_person AS person ON person.customer_id = customer.id
WHERE customer.id = ANY(%s::uuid[])
"""
_PUT = """
UPDATE customers_customer AS customer SET kind = told.kind, country = told.country, region = told.region,
    city = told.city, first_seen_at = told.first_seen_at, last_seen_at = told.last_seen_at
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])
    AS told (id, kind, country, region, city, first_seen_at, last_seen_at) WHERE customer.id = told.id
"""
_MOMENTS = """
UPDATE customers_person AS person SET updated_at = told.updated_at
FROM unnest(%s::uuid[], %s::timestamptz[]) AS told (id, updated_at) WHERE person.customer_id = told.id
"""
