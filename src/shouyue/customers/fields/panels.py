"""What declared fields show on the page of a customer and in the list of customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shouyue.customers.fields import queries
from shouyue.customers.fields.actions import seen_key
from shouyue.customers.fields.models import CustomField
from shouyue.customers.fields.rules.values import LANED, TAGS, as_kept, texts_of
from shouyue.customers.people.public import Customer
from shouyue.store.models import Party
from shouyue.store.registry import Contribution, Reader


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a customer in words; what is personal is masked."""

    field: CustomField
    shown: str


@dataclass(frozen=True, slots=True)
class Card:
    """The declared fields of one record."""

    customer: UUID
    lines: list[Line]
    can_edit: bool


def _cards(customers: Sequence[UUID], reader: Reader) -> Mapping[UUID, Card]:
    can_edit = getattr(reader, "party", Party.AUDITOR) != Party.AUDITOR
    fields, values = queries.asked_fields(), queries.values_of(customers, is_whole=True)
    return {
        who: Card(
            who, [Line(field, queries.words(field, values.get(who, queries.NOTHING))) for field in fields], can_edit
        )
        for who in customers
        if fields
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A field of which the list of customers tells. choices: of its filter; is_free: any word filters."""

    name: str
    title: str
    choices: Sequence[tuple[str, str]]
    is_free: bool
    has_lanes: bool


def _tags(customers: Sequence[UUID], _reader: Reader) -> Mapping[UUID, list[str]]:
    named = [field for field in queries.asked_fields() if field.kind == TAGS and not field.is_personal]
    values = queries.values_of(customers) if named else {}
    return {who: [word for field in named for word in texts_of(known.of(field))] for who, known in values.items()}


class DeclaredFields:
    """The declared fields as columns, filters and lanes of the list of customers."""

    def declared(self) -> Sequence[Listed]:
        return [
            Listed(
                name=field.name,
                title=field.title,
                choices=queries.filter_choices(field),
                is_free=field.kind == TAGS,
                has_lanes=field.kind in LANED,
            )
            for field in queries.asked_fields()
            if not field.is_personal
        ]

    def shown(self, customers: Sequence[UUID]) -> Mapping[UUID, Mapping[str, str]]:
        fields, values = queries.asked_fields(), queries.values_of(customers)
        return {
            who: {field.name: queries.words(field, known) for field in fields if not field.is_personal}
            for who, known in values.items()
        }

    def narrowed(self, rows: QuerySet[Customer], name: str, text: str) -> QuerySet[Customer]:
        field = _field(name)
        return rows if field is None else queries.narrowed(rows, field, text)

    def without(self, rows: QuerySet[Customer], name: str) -> QuerySet[Customer]:
        field = _field(name)
        return rows if field is None else queries.without_value(rows, field)

    def seen(self, customers: Sequence[UUID], name: str, text: str) -> Mapping[UUID, str]:
        field = _field(name)
        value = as_kept(field.schema, text) if field else None
        return {who: str(seen_key(who, value)) for who in customers}


def _field(name: str) -> CustomField | None:
    return next((field for field in queries.asked_fields() if field.name == name and not field.is_personal), None)


FIELDS: Final = Contribution(
    name="customers.fields",
    order=20,
    title=_("More about this customer"),
    contribute=_cards,
    template="customers/_fields.html",
)
TAGS_BELOW_NAME: Final = Contribution(
    name="customers.tags", order=20, title=_("Tags"), contribute=_tags, template="customers/_tags.html"
)
