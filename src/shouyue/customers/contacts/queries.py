"""What is known of people's contacts, with what stands behind each value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shouyue.customers.attesting.public import Standing, attested_values, standings_of, value_key
from shouyue.customers.contacts.rules.contacts import GOVERNED_KINDS, KINDS, masked, part_of
from shouyue.customers.people.public import Known, Person, persons_in
from shouyue.store.person_keys import PersonKeys


@dataclass(frozen=True, slots=True)
class Contact:
    """One value. key: names it in addresses of pages. standing: None when nothing is known of its source."""

    kind: str
    key: UUID
    value: str
    label: str
    is_main: bool
    standing: Standing | None

    def __repr__(self) -> str:
        return "<Contact>"

    @property
    def masked(self) -> str:
        return masked(self.kind, self.value)


@dataclass(frozen=True, slots=True)
class Reachable:
    """A person with their contacts, the main ones first."""

    known: Known
    contacts: list[Contact]

    @property
    def born_on(self) -> date | None:
        return self.known.born_on

    def of(self, kind: str) -> list[Contact]:
        return [one for one in self.contacts if one.kind == kind]


def contacts_of(customers: Sequence[UUID], *, at: datetime) -> dict[UUID, Reachable]:
    """The contacts of these customers, in the clear; who is no person is left out. A fixed number of statements."""
    known = persons_in(customers, keys=PersonKeys())
    if not known:
        return {}
    firsts = Person.objects.filter(pk__in=list(known)).values_list("pk", "first_attestation_id", "first_fields")
    governed, beside = standings_of(firsts, until=at), attested_values(list(known))
    return {
        who: Reachable(one, _contacts(who, one, governed.get(who, {}), beside.get(who, {})))
        for who, one in known.items()
    }


def _contacts(who: UUID, known: Known, governed: dict[str, Standing], beside: dict[UUID, Standing]) -> list[Contact]:
    found = []
    for kind in KINDS:
        part = part_of(known, kind)
        for value in part.values:
            key, is_main = value_key(who, value), value == part.main
            is_governed = is_main and kind in GOVERNED_KINDS
            # What came with a list beside the main value stands on what the list was.
            standing = governed.get(kind) if is_governed else beside.get(key)
            found.append(Contact(kind, key, value, part.label_of(value), is_main, standing))
    return found
