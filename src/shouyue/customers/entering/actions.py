"""Look whether a customer is there already, and create one by hand."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from shouyue.customers.attesting.public import Origin
from shouyue.customers.entering.models import CustomerLookup
from shouyue.customers.entering.queries import Candidate, candidates, lookups_since
from shouyue.customers.entering.rules.entry import Place
from shouyue.customers.people.public import (
    Customer,
    CustomerFacts,
    Known,
    PeopleRecorded,
    ensure_customers,
    record_people,
)
from shouyue.store import facts

WINDOW: Final = timedelta(minutes=10)
# Enough for a busy counter and for a program that takes customers in, too few to try out lists of phones.
BY_STAFF_MAX, BY_PROGRAM_MAX = 60, 600
_NUMBER_LETTERS = 10


class TooManyLookupsError(Exception):
    """Somebody looked up more often than anybody creates customers; after WINDOW it goes on."""


@transaction.atomic
def look_up(told: Known, *, by: str, at: datetime, most: int = BY_STAFF_MAX) -> list[Candidate]:
    """Who is like somebody who is to be created. Kept is who asked, by which kinds of values, and who was shown.

    most: look-ups of one asker in WINDOW. Raises TooManyLookupsError, then nothing is looked up.
    """
    if lookups_since(by, at - WINDOW) >= most:
        raise TooManyLookupsError
    found = candidates(told)
    kinds = [kind for kind in ("name", "phones", "emails", "address", "born_on") if getattr(told, kind)]
    CustomerLookup(by=by, at=at, kinds=kinds, found=[one.customer.pk for one in found]).save(force_insert=True)
    return found


@transaction.atomic
def create_customer(told: Known, place: Place, *, key: UUID, source: str, by: str, at: datetime) -> Customer:
    """Create a customer; the same key again is the same customer, and changes nothing.

    source: where the record comes from, e.g. "desk". The number at the source is made from the key.
    """
    number = f"N{key.hex[-_NUMBER_LETTERS:].upper()}"
    made = ensure_customers([CustomerFacts(key, source, number, place.kind, place.country, place.region, place.city)])
    if made[key] == "created":
        record_people({key: told}, at=at, origin=Origin(key=key, source=source, by=by))
        facts.announce(PeopleRecorded(batch_id=key, created=1, updated=0), at=at, by=by)
    return Customer.objects.get(pk=key)
