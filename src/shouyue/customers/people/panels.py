"""What this room gives to the palette: customers by name, phone, e-mail, card or number, masked."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouyue.customers.people.models import Customer, Person
from shouyue.customers.people.queries import customers_found, masked_persons
from shouyue.store.contributions.search import Hit, SearchGroup
from shouyue.store.registry import Reader
from shouyue.web.sources import source_name


def _found(asked: str, _reader: Reader, most: int) -> Sequence[Hit]:
    customers = customers_found(asked, shown_max=most).customers
    persons = masked_persons([one.pk for one in customers], ("name", "phone")) if customers else {}
    return [_hit(one, persons.get(one.pk)) for one in customers]


def _hit(customer: Customer, person: Person | None) -> Hit:
    """A line that shows masks to everybody, and leads to an address that says nothing of the person."""
    name, phone = (str(value) if value else "" for value in (person and person.name, person and person.phone))
    number = _("Customer %(number)s") % {"number": customer.source_key}
    said = " · ".join(part for part in (name, phone) if part)
    source = source_name(customer.source)
    note = f"{customer.source_key} · {source}" if said else source
    return Hit(title=said or number, note=note, url=reverse("customers:record", args=[customer.pk]))


CUSTOMERS_FOUND = SearchGroup(name="customers.found", order=30, title=_("Customers"), find=_found)
