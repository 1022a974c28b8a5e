"""What contacts show on the page of a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from shouyue.kernel import clock
from shouyue.kernel.masking import mask_birthday
from shouyue.store.models import Party
from shouyue.store.registry import Contribution, Reader


@dataclass(frozen=True, slots=True)
class Line:
    """One value as a page shows it, masked."""

    contact: Contact
    kind: str | Promise
    label: str | Promise
    method: str | Promise
    is_main_of_several: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The contacts of one record. birthday: month and day, "" when it is not known."""

    customer: UUID
    lines: list[Line]
    birthday: str
    is_lunar: bool
    next_on: date | None
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


def _card(who: UUID, found: Reachable | None, *, can_edit: bool, today: date) -> Card:
    born_on = found.born_on if found else None
    if found is None or born_on is None:
        return Card(who, lines_of(found) if found else [], "", is_lunar=False, next_on=None, can_edit=can_edit)
    is_lunar = found.known.calendar == birthdays.LUNAR
    shown = birthdays.spoken(born_on) if is_lunar else mask_birthday(born_on)
    upcoming = birthdays.next_birthday(born_on, is_lunar=is_lunar, on=today)
    return Card(who, lines_of(found), shown, is_lunar=is_lunar, next_on=upcoming, can_edit=can_edit)


def _cards(customers: Sequence[UUID], reader: Reader) -> Mapping[UUID, Card]:
    can_edit = getattr(reader, "party", Party.AUDITOR) != Party.AUDITOR
    at = clock.now()
    found, today = contacts_of(customers, at=at), timezone.localdate(at)
    return {who: _card(who, found.get(who), can_edit=can_edit, today=today) for who in customers}


CONTACTS: Final = Contribution(
    name="customers.contacts",
    order=10,
    title=_("Contacts and birthday"),
    contribute=_cards,
    template="customers/_contacts.html",
)
