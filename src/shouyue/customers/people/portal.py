"""Customers at the portal: who a member is."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shouyue.customers.people import queries
from shouyue.customers.people.models import Customer, Person
from shouyue.kernel.masking import mask_name
from shouyue.web.portal.frame import Face


def faces(customers: Sequence[UUID]) -> Mapping[UUID, Face]:
    """Who these customers are; three statements for any number of them."""
    persons = queries.masked_persons(customers, ["name"])
    return {one.pk: _face(one, persons.get(one.pk)) for one in Customer.objects.filter(pk__in=list(customers))}


def _face(customer: Customer, person: Person | None) -> Face:
    name = person.name.plain if person and person.name and not person.name.is_erased else ""
    return Face(
        name=name,
        masked_name=mask_name(name) if name else "",
        number=customer.source_key,
        masked_number=_masked(customer.source_key),
        since=customer.first_seen_at,
    )


def _masked(number: str) -> str:
    """Enough of the end to know one's own."""
    shown = 4 if len(number) > 6 else 2
    return f"****{number[-shown:]}"
