"""Customers as programs read them."""

from collections.abc import Sequence
from uuid import UUID

from shouyue.customers.people.public import Customer, Person
from shouyue.customers.telling.rules.versions import version_of

VERSIONED = ("kind", "country", "region", "city")


def version_by_customer(customers: Sequence[Customer]) -> dict[UUID, int]:
    """The version of each record; one statement."""
    changed = dict(Person.objects.filter(pk__in=[one.pk for one in customers]).values_list("pk", "updated_at"))
    return {one.pk: version_of([getattr(one, name) for name in VERSIONED], changed.get(one.pk)) for one in customers}
