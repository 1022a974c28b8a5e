"""Who among the customers is like somebody who is to be created: by keyed digests and tokens, never by a scan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shouyue.customers.duplicates.public import features_of, ids_of_person
from shouyue.customers.entering.models import CustomerLookup
from shouyue.customers.entering.rules.likeness import LIKELY, Alike, alike
from shouyue.customers.people.public import Customer, Known, Person, masked_persons, persons_in
from shouyue.store.digests import customers_with
from shouyue.store.models import IdentityKind
from shouyue.store.person_keys import PersonKeys
from shouyue.store.tokens import matching

SHOWN_MAX: Final = 10
_SHARED_MAX: Final = 50  # a phone of more customers is a hotline or a filler, and says nothing
_NAMED_MAX: Final = 50  # a name of more customers is too frequent to be looked through


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant. person: shows masks."""

    customer: Customer
    person: Person | None
    alike: Alike


def candidates(told: Known) -> list[Candidate]:
    """Who is like this, the likely ones first, SHOWN_MAX at most; merged records as the one that stands for them.

    Found by the digests of phones and e-mail addresses, and by a name that at most _NAMED_MAX customers have together
    with the birthday. Eight statements at most, for one phone and one address.
    """
    ids = _ids_like(told)
    if not ids:
        return []
    asked = features_of(told)
    known = persons_in(ids, keys=PersonKeys())
    found = {who: like for who, one in known.items() if (like := alike(asked, features_of(one)))}
    by_root: dict[UUID, Alike] = {}
    for who, of_one in ids_of_person(found).items():
        standing = by_root.get(of_one[0])
        if standing is None or _rank(found[who]) < _rank(standing):
            by_root[of_one[0]] = found[who]
    shown = sorted(by_root, key=lambda who: (_rank(by_root[who]), who))[:SHOWN_MAX]
    customers, persons = Customer.objects.in_bulk(shown), masked_persons(shown, ("name", "phone", "email"))
    return [Candidate(customers[who], persons.get(who), by_root[who]) for who in shown]


def lookups_since(by: str, since: datetime) -> int:
    """How many times somebody looked up from a moment on."""
    return CustomerLookup.objects.filter(by=by, at__gte=since).count()


def _ids_like(told: Known) -> set[UUID]:
    ids = set(_few(customers_with(IdentityKind.PHONE, phone) for phone in told.phones))
    ids |= set(_few(customers_with(IdentityKind.EMAIL, email) for email in told.emails))
    if told.name and told.born_on:
        named = Person.objects.filter(matching("tokens", told.name)).values_list("pk", flat=True)[: _NAMED_MAX + 1]
        ids |= set(_few([list(named)]))
    return ids


def _few(found: Iterable[list[UUID]]) -> Iterable[UUID]:
    return (who for ids in found if len(ids) <= _SHARED_MAX for who in ids)


def _rank(one: Alike) -> tuple[Any, ...]:
    return one.likeness != LIKELY, -len(one.agrees)
