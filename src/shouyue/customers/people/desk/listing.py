"""The list of customers: its columns, and the customer that is open beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Final
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.customers.people import queries
from shouyue.customers.people.forms import MORE, CustomerFilters, chosen_customers
from shouyue.customers.people.models import Customer, Person
from shouyue.customers.people.more_fields import more_fields
from shouyue.customers.people.rules.editing import FIELDS
from shouyue.store.models import Party
from shouyue.web.format import day
from shouyue.web.habits.lists import Column, Listing, declare
from shouyue.web.sources import source_name

_LISTED = ("name", "phone")
_NOBODY: Final = str(UUID(int=0))
_PEEKED = ("name", "title", "phone", "email", "born_on", "address")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. person: shows masks; None when nothing is known. more: declared fields in words."""

    customer: Customer
    person: Person | None
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def pk(self) -> UUID:
        return self.customer.pk


def dressed(customers: Sequence[Customer]) -> list[Row]:
    """The customers with their masked persons and declared fields; a fixed number of statements."""
    ids = [one.pk for one in customers]
    persons, more = queries.masked_persons(ids, _LISTED), more_fields().shown(ids)
    return [Row(one, persons.get(one.pk), more.get(one.pk, {})) for one in customers]


def may_edit(request: HttpRequest) -> bool:
    """Whether the reader may change customers: an auditor changes nothing."""
    return getattr(request.user, "party", Party.AUDITOR) != Party.AUDITOR


def for_editors(listing: Listing) -> Listing:
    """The list as those see it who may change customers: in its cells, and many together."""
    own = [
        replace(one, edit=partial(_edit_url, field=one.name)) if one.name in FIELDS else one for one in listing.columns
    ]
    return replace(listing, columns=own, more=lambda: _declared(may_edit=True), bulk=lambda: reverse("customers:bulk"))


def _declared(*, may_edit: bool = False) -> list[Column]:
    """The declared fields as columns, shown when they are chosen."""
    return [
        Column(
            name=f"{MORE}{one.name}",
            title=one.title,
            value=partial(_more, name=one.name),
            edit=partial(_value_url, name=one.name) if may_edit else None,
            is_extra=True,
        )
        for one in more_fields().declared()
    ]


def _more(row: Row, *, name: str) -> str:
    return row.more.get(name, "")


def record_url(row: Row) -> str:
    """The page of a customer."""
    return _address("customers:record").replace(_NOBODY, str(row.pk))


def _edit_url(row: Row, *, field: str) -> str:
    return "" if row.customer.is_anonymous else _address("customers:edit", field).replace(_NOBODY, str(row.pk))


def _value_url(row: Row, *, name: str) -> str:
    return "" if row.customer.is_anonymous else _address("customers:value", name).replace(_NOBODY, str(row.pk))


@cache
def _address(view: str, *more: str) -> str:
    # Of nobody: a list has hundreds of addresses that differ in the id alone, and each took as long as a small query.
    return reverse(view, args=[UUID(_NOBODY), *more])


def _row_of(key: str) -> Row | None:
    try:
        customer = Customer.objects.filter(pk=UUID(key)).first()
    except ValueError:
        return None
    if customer is None:
        return None
    return Row(customer, queries.masked_persons([customer.pk], _PEEKED).get(customer.pk))


def _title(row: Row) -> str:
    if row.person and str(row.person.name or ""):
        return str(row.person.name)
    return str(_("Till sale")) if row.customer.is_anonymous else row.customer.source_key


def _of_person(row: Row, field: str) -> str:
    value = getattr(row.person, field, None) if row.person else None
    return "" if value is None else str(value)


def _place(row: Row) -> str:
    return ", ".join(part for part in (row.customer.city, row.customer.region, row.customer.country) if part)


def _seen(row: Row, name: str) -> str:
    moment = getattr(row.customer, name)
    return moment.isoformat(sep=" ", timespec="seconds") if moment else ""


def _seen_day(row: Row, name: str) -> str:
    moment = getattr(row.customer, name)
    return day(moment) if moment else ""


def filters_of(asked: QueryDict) -> CustomerFilters:
    """The filters that an address asks for, with the sources that there are."""
    return CustomerFilters(asked, sources=queries.customer_sources())


CUSTOMERS = declare(
    Listing(
        name="customers.customers",
        heading=_("Customers"),
        columns=[
            Column(
                name="number",
                title=_("Number"),
                value=lambda row: "" if row.customer.is_anonymous else row.customer.source_key,
                show=lambda row: _("Till sale") if row.customer.is_anonymous else row.customer.source_key,
                link=record_url,
                is_lead=True,
            ),
            Column(name="name", title=pgettext_lazy("of a person", "Name"), value=lambda row: _of_person(row, "name")),
            Column(name="phone", title=_("Phone"), value=lambda row: _of_person(row, "phone")),
            Column(name="kind", title=_("Kind"), value=lambda row: row.customer.get_kind_display(), is_extra=True),
            Column(name="source", title=_("Source"), value=lambda row: source_name(row.customer.source)),
            Column(name="place", title=_("Place"), value=_place),
            Column(name="city", title=_("City"), value=lambda row: row.customer.city, is_extra=True),
            Column(name="region", title=_("Region"), value=lambda row: row.customer.region, is_extra=True),
            Column(name="country", title=_("Country"), value=lambda row: row.customer.country, is_extra=True),
            Column(
                name="first",
                title=_("First seen"),
                value=lambda row: _seen(row, "first_seen_at"),
                show=lambda row: _seen_day(row, "first_seen_at"),
            ),
            Column(
                name="last",
                title=_("Last seen"),
                value=lambda row: _seen(row, "last_seen_at"),
                show=lambda row: _seen_day(row, "last_seen_at"),
            ),
        ],
        order=("-last_seen_at", "-id"),
        key=lambda row: str(row.pk),
        row_of=_row_of,
        title_of=_title,
        url_of=record_url,
        peek="customers/_peek.html",
        path=lambda: reverse("customers:list"),
        place="customer.column",
        dressed=dressed,
        more=_declared,
        chosen=lambda asked: chosen_customers(filters_of(asked)),
        filters=filters_of,
    )
)
