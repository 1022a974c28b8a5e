"""What contacts show on the page of a customer."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouyue.customers.attesting.public import Method
from shouyue.customers.contacts.forms import LABEL_NAMES
from shouyue.customers.contacts.models import ContactKind
from shouyue.customers.contacts.queries import Contact, Reachable, contacts_of
from shouyue.customers.contacts.rules import birthdays
from shouyue.customers.contacts.rules.contacts import KINDS
from shouyue.customers.people.public import Customer
from shouyue.kernel import clock
from shouyue.kernel.masking import mask_birthday
from shouyue.store.models import Party
from shouyue.store.registry import Contribution, Reader


@dataclass(frozen=True, slots=True)
class Home:
    """One record that keeps a value: its number, and the contact's key in its addresses."""

    customer: UUID
    number: str
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One value as a page shows it, masked. homes: of a person with several records, those that keep it."""

    contact: Contact
    kind: str | Promise
    label: str | Promise
    method: str | Promise
    is_main_of_several: bool
    homes: Sequence[Home] = ()


@dataclass(frozen=True, slots=True)
class Birthday:
    """One birthday, masked to month and day."""

    shown: str
    is_lunar: bool
    next_on: date
    homes: Sequence[Home]


@dataclass(frozen=True, slots=True)
class Card:
    """The contacts of one person. customer: the record that stands for all of theirs; records: how many there are."""

    customer: UUID
    lines: list[Line]
    birthdays: list[Birthday]
    records: int
    can_edit: bool


def lines_of(reachable: Reachable) -> list[Line]:
    """The values in words."""
    return [
        Line(
            one,
            ContactKind(one.kind).label,
            LABEL_NAMES.get(one.label, ""),
            Method(one.standing.method).label if one.standing else _("from a list"),
            one.is_main and len(reachable.of(one.kind)) > 1,
        )
        for one in reachable.contacts
    ]


def _lines(found: Mapping[UUID, Reachable], numbers: Mapping[UUID, str]) -> list[Line]:
    """The values of all records of a person, kind by kind, equal ones once, the best verified of them."""
    together: dict[tuple[str, str], list[tuple[UUID, Line]]] = defaultdict(list)
    for who, reachable in found.items():
        for line in lines_of(reachable):
            together[line.contact.kind, line.contact.value].append((who, line))
    of_kind = Counter(kind for kind, _value in together)
    mains: dict[str, str] = {}
    for (kind, value), same in together.items():
        if same[0][1].contact.is_main:
            mains.setdefault(kind, value)
    return [
        replace(
            max((line for _who, line in same), key=_verified),
            is_main_of_several=of_kind[kind] > 1 and mains.get(kind) == value,
            homes=[Home(who, numbers[who], line.contact.key) for who, line in same],
        )
        for (kind, value), same in sorted(together.items(), key=lambda one: KINDS.index(one[0][0]))
    ]


def _verified(line: Line) -> float:
    standing = line.contact.standing
    return standing.verified_at.timestamp() if standing and standing.verified_at else 0


def _birthdays(found: Mapping[UUID, Reachable], numbers: Mapping[UUID, str], *, today: date) -> list[Birthday]:
    together: dict[tuple[date, bool], list[Home]] = defaultdict(list)
    for who, reachable in found.items():
        if reachable.born_on:
            together[reachable.born_on, reachable.known.calendar == birthdays.LUNAR].append(Home(who, numbers[who]))
    return [
        Birthday(
            birthdays.spoken(born_on) if is_lunar else mask_birthday(born_on),
            is_lunar,
            birthdays.next_birthday(born_on, is_lunar=is_lunar, on=today),
            homes,
        )
        for (born_on, is_lunar), homes in together.items()
    ]


def _card(customers: Sequence[UUID], reader: Reader) -> Mapping[UUID, Card]:
    can_edit = getattr(reader, "party", Party.AUDITOR) != Party.AUDITOR
    at = clock.now()
    known = contacts_of(customers, at=at)
    found = {who: known[who] for who in customers if who in known}
    numbers = dict(Customer.objects.filter(pk__in=customers).values_list("pk", "source_key"))
    dates = _birthdays(found, numbers, today=timezone.localdate(at))
    return {customers[0]: Card(customers[0], _lines(found, numbers), dates, len(customers), can_edit)}


CONTACTS: Final = Contribution(
    name="customers.contacts",
    order=10,
    title=_("Contacts and birthday"),
    contribute=_card,
    template="customers/_contacts.html",
)
