"""Who may not be taken away or put back: customers of whom something was recorded since their import."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import ForeignKey, ForeignObjectRel, Model

from shouyue.customers.attesting.public import FieldAttestation, ValueAttestation
from shouyue.customers.duplicates.public import decided_on
from shouyue.customers.lists.models import ListedChange
from shouyue.customers.people.public import Customer, Person
from shouyue.store.models import MemberSession

# What goes with the customer. Pairs that nobody decided are none of anybody's acts either; see decided_on.
_OWN = {"customers.Match", ListedChange._meta.label, Person._meta.label}


def customers_in_use(customers: Sequence[UUID]) -> set[UUID]:
    """Of these customers those of whom any room has a record: a statement for each table that points at customers.

    The tables are found through their foreign keys, so that a new room need not say anything.
    """
    found = decided_on(customers)
    found |= set(MemberSession.objects.filter(customer_id__in=customers).values_list("customer_id", flat=True))
    for model, column in _pointing_here():
        rows = model._default_manager.filter(**{f"{column}__in": customers})
        found |= set(rows.values_list(column, flat=True))
    return found


def vouched_for_since(moments: Mapping[UUID, datetime]) -> set[UUID]:
    """Of these customers those of whom a value was confirmed after the moment. Two statements.

    Confirmations that an undo of a later import put back were made before it, so they do not count.
    """
    if not moments:
        return set()
    lines = FieldAttestation.objects.filter(customer__in=list(moments), is_change=False, at__gt=min(moments.values()))
    said = lines.values_list("customer_id", "attestation__asserted_at")
    beside = ValueAttestation.objects.filter(customer__in=list(moments), at__gt=min(moments.values()))
    said_beside = beside.values_list("customer_id", "at")
    return {who for who, at in [*said, *said_beside] if at > moments[who]}


def _pointing_here() -> list[tuple[type[Model], str]]:
    relations = [one for one in Customer._meta.get_fields(include_hidden=True) if isinstance(one, ForeignObjectRel)]
    fields = [cast("ForeignKey[Any, Any]", one.field) for one in relations]
    found = [(field.model, field.attname) for field in fields if field.model._meta.label not in _OWN]
    return sorted(found, key=lambda one: (one[0]._meta.label, one[1]))
