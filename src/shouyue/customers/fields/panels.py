"""What declared fields show on the page of a customer and in the list of customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shouyue.customers.fields import actions, queries
from shouyue.customers.fields.forms import ValueForm
from shouyue.customers.fields.models import CustomField
from shouyue.customers.fields.rules.values import LANED, TAGS, as_kept, texts_of, to_change
from shouyue.customers.people.public import Customer
from shouyue.store.models import Party
from shouyue.store.registry import Contribution, Reader


class Home(NamedTuple):
    """One record that keeps a value."""

    customer: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a field in words; what is personal is masked. homes: the records of the person that keep it."""

    field: CustomField
    shown: str
    homes: Sequence[Home]


@dataclass(frozen=True, slots=True)
class Card:
    """The declared fields of one person. records: how many records they have."""

    lines: list[Line]
    records: int
    can_edit: bool


def _card(customers: Sequence[UUID], reader: Reader) -> Mapping[UUID, Card]:
    can_edit = getattr(reader, "party", Party.AUDITOR) != Party.AUDITOR
    fields, values = queries.asked_fields(), queries.values_of(customers, is_whole=True)
    if not fields:
        return {}
    numbers = dict(Customer.objects.filter(pk__in=customers).values_list("pk", "source_key"))
    known = {Home(who, numbers[who]): values.get(who, queries.NOTHING) for who in customers}
    lines = [line for field in fields for line in _lines(field, known)]
    return {customers[0]: Card(lines, len(customers), can_edit)}


def _lines(field: CustomField, known: Mapping[Home, queries.Known]) -> list[Line]:
    """The values of all records, equal ones once; where there is none, a place for it in the record for all."""
    together: dict[str, list[Home]] = {}
    for home, values in known.items():
        if (value := values.of(field)) is not None:
            together.setdefault(repr(value), []).append(home)
    if not together:
        return [Line(field, "", list(known))]
    return [Line(field, queries.words(field, known[homes[0]]), homes) for homes in together.values()]


@dataclass(frozen=True, slots=True)
class Listed:
    """A field of which the list of customers tells: `people.more_fields.MoreField`.

    is_whole: whether the reader may see personal values; else they are masked and not told by a count either.
    """

    field: CustomField
    is_whole: bool = False

    @property
    def is_blind(self) -> bool:
        return self.field.is_personal and not self.is_whole

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def title(self) -> str:
        return self.field.title

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        return queries.filter_choices(self.field)

    @property
    def is_free(self) -> bool:
        return self.field.kind == TAGS

    @property
    def has_lanes(self) -> bool:
        return self.field.kind in LANED

    def narrowed(self, rows: QuerySet[Customer], text: str) -> QuerySet[Customer]:
        return queries.narrowed(rows, self.field, text)

    def without(self, rows: QuerySet[Customer]) -> QuerySet[Customer]:
        return queries.without_value(rows, self.field)

    def seen(self, customers: Sequence[UUID], text: str) -> Mapping[UUID, str]:
        value = as_kept(self.field.schema, text)
        return {who: str(actions.seen_key(who, value)) for who in customers}

    def form(self, said: QueryDict | None) -> ValueForm:
        return ValueForm(said, field=self.field)

    def words(self, form: Form) -> str:
        return queries.plain_words(self.field, form.cleaned_data["kept"])

    def now(self, customers: Sequence[Customer]) -> Mapping[UUID, str]:
        values = queries.values_of([one.pk for one in customers], is_whole=self.field.is_personal)
        words = queries.plain_words if self.is_whole else None
        known = {one.pk: values.get(one.pk, queries.NOTHING) for one in customers}
        return {
            who: words(self.field, one.of(self.field)) if words else queries.words(self.field, one)
            for who, one in known.items()
        }

    def differing(self, ids: Sequence[UUID], form: Form) -> int:
        known = queries.values_by_customer(ids, self.field)
        return len(known if self.is_blind else to_change(known, form.cleaned_data["kept"]))

    def change(self, ids: Sequence[UUID], form: Form, *, by: str, at: datetime) -> tuple[UUID, int] | None:
        edit = actions.edit_values(ids, self.field, form.cleaned_data["kept"], by=by, at=at, is_blind=self.is_blind)
        return (edit.pk, edit.count) if edit else None


def _tags(customers: Sequence[UUID], _reader: Reader) -> Mapping[UUID, list[str]]:
    """Of one person with these ids, each tag once."""
    named = [field for field in queries.asked_fields() if field.kind == TAGS and not field.is_personal]
    values = queries.values_of(customers) if named else {}
    known = [values[who] for who in customers if who in values]
    return {
        customers[0]: list(dict.fromkeys(tag for one in known for field in named for tag in texts_of(one.of(field))))
    }


class DeclaredFields:
    """The declared fields as columns, filters and lanes of the list of customers."""

    def declared(self) -> Sequence[Listed]:
        return [Listed(field) for field in queries.asked_fields() if not field.is_personal]

    def changeable(self, *, is_whole: bool) -> Sequence[Listed]:
        return [Listed(field, is_whole) for field in queries.asked_fields()]

    def shown(self, customers: Sequence[UUID]) -> Mapping[UUID, Mapping[str, str]]:
        fields, values = queries.asked_fields(), queries.values_of(customers)
        return {
            who: {field.name: queries.words(field, known) for field in fields if not field.is_personal}
            for who, known in values.items()
        }

    def undo(self, edit: UUID, *, by: str, at: datetime) -> tuple[int, int]:
        return actions.undo_values(edit, by=by, at=at)


FIELDS: Final = Contribution(
    name="customers.fields",
    order=20,
    title=_("More about this customer"),
    contribute=_card,
    template="customers/_fields.html",
)
TAGS_BELOW_NAME: Final = Contribution(
    name="customers.tags", order=20, title=_("Tags"), contribute=_tags, template="customers/_tags.html"
)
