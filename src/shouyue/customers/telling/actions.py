"""Record what programs tell of customers whom they know by their own numbers, and change one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from shouyue.customers.attesting.public import Origin
from shouyue.customers.entering.public import Place
from shouyue.customers.lists.public import heard_of
from shouyue.customers.people.public import (
    Customer,
    CustomerFacts,
    CustomerKind,
    Known,
    ensure_customers,
    record_people,
    standing_of,
)
from shouyue.customers.telling.facts import CustomersRecorded
from shouyue.customers.telling.rules.versions import version_of
from shouyue.kernel.ids import keyed_id, source_namespace
from shouyue.store import facts
from shouyue.store.person_keys import PersonKeys

CREATED: Final = "created"
UPDATED: Final = "updated"
UNCHANGED: Final = "unchanged"
ERASED: Final = "erased"


@dataclass(frozen=True, slots=True)
class CustomerTold:
    """One customer under the number that a source gave. as_of: when this was right; None: it may be older than ours."""

    source: str
    number: str
    place: Place
    known: Known
    as_of: datetime | None = None

    @property
    def id(self) -> UUID:
        """The same that files and orders of this source give the customer."""
        return keyed_id(source_namespace(f"{self.source}:customer"), self.number)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one customer. kept: a field whose value stays as we have it, as it was set by hand or verified."""

    outcome: str
    kept: str = ""


class ChangedMeanwhileError(Exception):
    """The record is not in the version that was to be changed."""


class AnonymousCustomerError(Exception):
    """The subject of a till sale: nobody is known of whom anything could be told."""


class ErasedCustomerError(Exception):
    """The person was erased at their request."""


@transaction.atomic
def tell_customers(told: Sequence[CustomerTold], *, batch_id: UUID, at: datetime, by: str) -> list[Told]:
    """Make or complete customers and the persons behind them; one outcome each, in their order.

    told: each customer once. What is not said stays; what was set by hand or verified stays unless `as_of` is later.
    Nothing is written of those who were erased. A fixed number of statements.
    """
    erased = PersonKeys().erased({one.id for one in told})
    usable = {one.id: one for one in told if one.id not in erased}
    listed = [_facts(one) for one in usable.values()]
    as_customers = ensure_customers(listed)
    right_at = {who: one.as_of for who, one in usable.items()}
    heard, kept = heard_of({who: one.known for who, one in usable.items()}, listed, right_at, there=usable, at=at)
    origin = Origin(key=batch_id, source="api", by=by)
    as_people = record_people({who: one for who, one in heard.items() if not one.is_empty}, at=at, origin=origin)
    outcomes = dict.fromkeys(erased, ERASED)
    for who in usable:
        person = as_people.get(who)
        is_moved = as_customers[who] == UNCHANGED and person is not None and person.outcome != UNCHANGED
        outcomes[who] = UPDATED if is_moved else as_customers[who]
    _announce(outcomes, batch_id, at=at, by=by)
    return [Told(outcomes[one.id], kept[one.id][0] if one.id in kept else "") for one in told]


@transaction.atomic
def change_customer(
    customer_id: UUID, place: Place, known: Known, *, key: UUID, is_seen: Callable[[int], bool], at: datetime, by: str
) -> None:
    """Change what is given of one customer, whoever told it before. key: of this change. Empty says nothing.

    is_seen: whether a version is the one that the caller saw. Raises Customer.DoesNotExist, ChangedMeanwhileError,
    AnonymousCustomerError, ErasedCustomerError; then nothing is written.
    """
    standing = standing_of([customer_id]).get(customer_id)
    customer = Customer.objects.get(pk=customer_id)
    if standing is None or customer.kind == CustomerKind.ANONYMOUS:
        raise AnonymousCustomerError
    if PersonKeys().erased([customer_id]):
        raise ErasedCustomerError
    values = [standing.kind, standing.country, standing.region, standing.city]
    if not is_seen(version_of(values, standing.updated_at)):
        raise ChangedMeanwhileError
    told = CustomerTold(customer.source, customer.source_key, place, known, as_of=at)
    outcome = ensure_customers([_facts(told, customer_id=customer_id)])[customer_id]
    if not known.is_empty:
        people = record_people({customer_id: known}, at=at, origin=Origin(key=key, source="api", by=by))
        outcome = UPDATED if people[customer_id].changed else outcome
    _announce({customer_id: outcome}, key, at=at, by=by)


def _facts(told: CustomerTold, customer_id: UUID | None = None) -> CustomerFacts:
    place = told.place
    return CustomerFacts(
        id=customer_id or told.id,
        source=told.source,
        source_key=told.number,
        kind=place.kind,
        country=place.country,
        region=place.region,
        city=place.city,
        as_of=told.as_of,
    )


def _announce(outcomes: dict[UUID, str], batch_id: UUID, *, at: datetime, by: str) -> None:
    created, updated = (
        sorted(who for who, outcome in outcomes.items() if outcome == wanted) for wanted in (CREATED, UPDATED)
    )
    if created or updated:
        facts.announce(CustomersRecorded(batch_id=batch_id, created=created, updated=updated), at=at, by=by)
