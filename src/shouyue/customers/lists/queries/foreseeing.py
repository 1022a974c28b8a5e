"""What rows of a list would change, for whoever looks before importing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from shouyue.customers.lists.queries.hearing import heard_of
from shouyue.customers.lists.rules.plain import SOURCE, told_by
from shouyue.customers.people.public import Customer, CustomerFacts, CustomerKind, Known, persons_in
from shouyue.kernel.masking import HIDDEN, Mask, masked
from shouyue.store.imports.mapping import Draft, Foreseen
from shouyue.store.person_keys import PersonKeys

_PLACES: Final = ("country", "region", "city")
# Attribute of Known -> column of the list and how its value is masked.
_OF_PERSON: Final = {
    "name": ("name", Mask.NAME),
    "title": ("title", Mask.ALL),
    "phones": ("phone", Mask.PHONE),
    "emails": ("email", Mask.EMAIL),
    "address": ("address", Mask.ADDRESS),
    "born_on": ("birthday", Mask.BIRTHDAY),
}


def foreseen_changes(rows: Sequence[Draft], at: datetime) -> list[Foreseen]:
    """What each checked row would change; nothing is written. A fixed number of statements.

    Values are masked: before an import nobody has to see whole what we have. Rows of one customer are looked at one
    by one, each against what is recorded now.
    """
    read = [(UUID(who), *told_by(content)) for who, _group, content in rows]
    customers = Customer.objects.in_bulk([who for who, *_rest in read])
    persons = persons_in(customers, keys=PersonKeys())
    listed = [
        CustomerFacts(who, SOURCE, head[0], CustomerKind.UNKNOWN, *head[1:], as_of=as_of)
        for who, head, _known, as_of in read
    ]
    told: dict[UUID, Known] = {}
    for who, _head, known, _as_of in read:
        told[who] = told[who].with_more(known) if who in told else known
    heard, _kept = heard_of(told, listed, {who: as_of for who, _, _, as_of in read}, there=told, at=at)
    unheard = {who: heard[who].changed(told[who]) for who in told}
    return [
        _foreseen(
            customers.get(who),
            persons.get(who, Known()),
            dict(zip(_PLACES, head[1:], strict=True)),
            known.without(*unheard[who]),
        )
        for who, head, known, _as_of in read
    ]


def _foreseen(customer: Customer | None, before: Known, place: dict[str, str], told: Known) -> Foreseen:
    after = before.with_more(told)
    changes = [(name, str(getattr(customer, name, "")), value) for name, value in place.items() if value]
    changes = [(name, old, new) for name, old, new in changes if old != new]
    changes += [
        (column, _shown(mask, getattr(before, name)), _shown(mask, getattr(after, name)))
        for name, (column, mask) in _OF_PERSON.items()
        if name in before.changed(after)
    ]
    if customer is None:
        return Foreseen("created")
    return Foreseen("updated" if changes else "unchanged", changes)


def _shown(mask: Mask, value: object) -> str:
    if not value:
        return ""
    if isinstance(value, tuple):
        return ", ".join(masked(mask, one) for one in value)
    return HIDDEN if mask is Mask.ALL else masked(mask, value)
