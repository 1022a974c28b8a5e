"""Questions about customers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from shouyue.customers.people.models import Customer, CustomerKind, Person
from shouyue.customers.people.rules.people import Known
from shouyue.kernel.identities import card_form, email_form
from shouyue.store.copying import uuid_array
from shouyue.store.digests import customers_with
from shouyue.store.models import IdentityKind
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealed_fields import sealed_fields, unseal
from shouyue.store.tokens import matching

# How many matches of a search are put in order; a word that finds more is to be followed by another.
LOOKED_AT: Final = 500
# Of them a page shows so many at most.
FOUND_MAX: Final = 100
# Cards in one lane of the board, and how far a lane is counted.
LANE_CARDS: Final = 20
COUNTED_MAX: Final = 10_000

# What a customer is, without anything that depends on how or when the record was written.
BUSINESS_COLUMNS: Final = (
    "customers_customer",
    ("id", "kind", "source", "source_key", "country", "region", "city", "first_seen_at", "last_seen_at"),
    ("id",),
)

# From name to name through the index; DISTINCT would read every customer.
_SOURCES = """
WITH RECURSIVE found AS (
    SELECT min(source) AS source FROM customers_customer
    UNION ALL
    SELECT (SELECT min(source) FROM customers_customer WHERE source > found.source) FROM found
    WHERE found.source IS NOT NULL
)
SELECT source FROM found WHERE source IS NOT NULL ORDER BY source
"""

# One array for each list of ids: five hundred single values cost more to send and to plan than to look up.
_NEWEST = """
SELECT * FROM customers_customer WHERE id = ANY(%s::uuid[])
ORDER BY id = ANY(%s::uuid[]) DESC, last_seen_at DESC NULLS LAST, id DESC LIMIT %s
"""


def known(ids: Iterable[UUID]) -> set[UUID]:
    """Which of these ids are customers, in one statement."""
    return set(Customer.objects.filter(pk__in=set(ids)).values_list("pk", flat=True))


def customer_sources() -> list[str]:
    """Names of the sources that customers came from, sorted."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES)
        return [row[0] for row in cursor.fetchall()]


def active_customers() -> QuerySet[Customer]:
    """Customers of whom a dated record is known, unordered; list them by ("-last_seen_at", "-id")."""
    return Customer.objects.filter(last_seen_at__isnull=False)


def listed_customers() -> QuerySet[Customer]:
    """Customers that only stand in a list, without any dated record, unordered; list them by ("id",)."""
    return Customer.objects.filter(last_seen_at__isnull=True)


def known_customers(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Without the anonymous subjects of till sales."""
    return customers.exclude(kind=CustomerKind.ANONYMOUS)


@dataclass(frozen=True, slots=True)
class Lane:
    """The first customers of one lane, and how many there are; count stops at COUNTED_MAX."""

    customers: Sequence[Customer]
    count: int
    is_exact: bool


def lanes(wanted: Iterable[QuerySet[Customer]], *, order: Sequence[str]) -> list[Lane]:
    """LANE_CARDS customers of each; two statements for each lane."""
    found = []
    for rows in wanted:
        counted = rows.order_by()[: COUNTED_MAX + 1].count()
        shown = list(rows.order_by(*order)[:LANE_CARDS])
        found.append(Lane(shown, min(counted, COUNTED_MAX), is_exact=counted <= COUNTED_MAX))
    return found


def differing(ids: Iterable[UUID], field: str, value: str) -> int:
    """How many of these customers have another value; till sales, which stay as they are, are not counted."""
    rows = known_customers(Customer.objects.filter(pk__in=list(ids)))
    return rows.exclude(**{field: value}).count()


def persons_in(customers: Iterable[UUID], *, keys: PersonKeys) -> dict[UUID, Known]:
    """All that is known of these customers as persons, in the clear; two statements at most."""
    rows = Person.objects.filter(pk__in=list(customers)).defer("tokens")
    return {row.pk: _known(row) for row in unseal(rows, [field.name for field in sealed_fields(Person)], keys=keys)}


def masked_persons(customers: Iterable[UUID], fields: Sequence[str]) -> dict[UUID, Person]:
    """The persons behind customers with these fields opened, so that they show their masks; two statements."""
    rows = Person.objects.filter(pk__in=list(customers)).only("customer_id", *fields)
    return {row.pk: row for row in unseal(rows, fields)}


def masked_person(ids: Sequence[UUID], fields: Sequence[str]) -> Person | None:
    """The person behind the ids of one person: values of the first, gaps filled from the next; two statements."""
    rows = masked_persons(ids, fields)
    known = [rows[one] for one in ids if one in rows]
    if not known:
        return None
    for name in fields:
        value = next((found for row in known if (found := getattr(row, name)) is not None), None)
        setattr(known[0], name, value)
    return known[0]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, newest activity first. is_all: False when more match than are shown."""

    customers: Sequence[Customer]
    is_all: bool


def customers_found(text: str, *, shown_max: int = FOUND_MAX) -> Found:
    """Customers by name (characters, pinyin, initials), phone or its last four digits, e-mail, card, WeChat or number.

    Who has exactly that number stands first. Five statements at most. Among more than LOOKED_AT matches the order by
    activity is of an arbitrary LOOKED_AT.
    """
    exact, ids = _ids_found(text)
    looked_at = uuid_array(ids[:LOOKED_AT])
    customers = list(Customer.objects.raw(_NEWEST, [looked_at, uuid_array(exact), shown_max])) if ids else []
    return Found(customers, is_all=len(ids) <= len(customers))


def _ids_found(text: str) -> tuple[list[UUID], list[UUID]]:
    """Those who have the number, and all that match."""
    if email_form(text):
        return [], customers_with(IdentityKind.EMAIL, text)
    number = text.strip()
    # Every source is named, so that the look-up goes through the key (source, number).
    exact = Q(source__in=customer_sources(), source_key__in={number, number.lower(), number.upper()})
    numbered = list(Customer.objects.filter(exact).values_list("pk", flat=True)[:LOOKED_AT])
    cards = customers_with(IdentityKind.CARD, text, or_kinds=(IdentityKind.WECHAT,)) if card_form(text) else []
    spoken = Person.objects.filter(matching("tokens", text)).values_list("pk", flat=True)[: LOOKED_AT + 1]
    return numbered, list(dict.fromkeys([*numbered, *cards, *spoken]))


def _known(row: Person) -> Known:
    def plain(name: str) -> Any:
        value = getattr(row, name)
        return None if value is None or value.is_erased else value.plain

    return Known(
        name=plain("name") or "",
        title=plain("title") or "",
        phones=_with_first(plain("phone"), plain("other_phones")),
        emails=_with_first(plain("email"), plain("other_emails")),
        address=plain("address") or "",
        born_on=plain("born_on"),
        other_addresses=tuple(plain("other_addresses") or ()),
        wechats=tuple(plain("wechats") or ()),
        cards=tuple(plain("cards") or ()),
        calendar=plain("calendar") or "",
        labels=tuple((value, label) for value, label in plain("labels") or ()),
    )


def _with_first(first: str | None, others: list[str] | None) -> tuple[str, ...]:
    return (first, *(others or ())) if first else ()
