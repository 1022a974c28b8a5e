"""Questions about declared fields and their values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from shouyue.customers.fields.models import CustomField, CustomValues
from shouyue.customers.fields.rules.values import (
    BOOLEAN,
    CHOICE,
    DATE,
    FILTERED,
    MULTI,
    Value,
    ValueRefusedError,
    condition,
    texts_of,
)
from shouyue.customers.people.public import Customer
from shouyue.kernel.masking import HIDDEN
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealed_fields import unseal
from shouyue.web.format import day


def asked_fields() -> list[CustomField]:
    """The fields that customers are asked for, in the order in which they were declared."""
    return list(CustomField.objects.filter(retired_at__isnull=True).order_by("made_at", "id"))


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Known:
    """The values of one customer by field name. sealed: those that say something of a person."""

    plain: Mapping[str, Value]
    sealed: Mapping[str, Value]

    def __repr__(self) -> str:
        return "<Known>"

    def of(self, field: CustomField) -> Value:
        return (self.sealed if field.is_personal else self.plain).get(field.name)


NOTHING = Known({}, {})


def values_of(customers: Iterable[UUID], *, is_whole: bool = False) -> dict[UUID, Known]:
    """The values of these customers, two statements at most. is_whole: also what is sealed, in the clear."""
    rows = list(CustomValues.objects.filter(customer__in=list(customers)))
    if is_whole:
        unseal(rows, ["sealed"])
    return {row.pk: Known(row.plain, _opened(row)) for row in rows}


def values_by_customer(customers: Sequence[UUID], field: CustomField) -> dict[UUID, Value]:
    """The value of a field by customer, None where there is none; till sales are left out, and of a personal field
    those who were erased."""
    who = Customer.objects.filter(pk__in=customers).exclude(kind="anonymous").values_list("pk", flat=True)
    known = values_of(customers, is_whole=field.is_personal)
    erased = PersonKeys().erased(who) if field.is_personal else set()
    return {one: known.get(one, NOTHING).of(field) for one in who if one not in erased}


def words(field: CustomField, known: Known) -> str:
    """A value in the reader's language, "" for none; what is personal is masked unless it was opened."""
    if field.is_personal:
        return HIDDEN if known.sealed.get(field.name) is not None else ""
    return plain_words(field, known.plain.get(field.name))


def plain_words(field: CustomField, value: Value) -> str:
    """A value in the clear."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.kind in {CHOICE, MULTI}:
        titles = dict(field.choice_titles())
        keys = value if isinstance(value, list) else [value]
        return "、".join(titles.get(key, key) for key in keys)
    if isinstance(value, list):
        return "、".join(value)
    return day(date.fromisoformat(value)) if field.kind == DATE else value


def english_texts(field: CustomField, value: Value) -> list[str]:
    """A value as programs read it: choices by their English names."""
    names = {key: english for key, _zh, english in field.choices}
    return [names.get(text, text) for text in texts_of(value)]


def narrowed(rows: QuerySet[Row], field: CustomField, text: str) -> QuerySet[Row]:
    """The customers whose value of this field is, or contains, that one; nobody for what it does not take."""
    try:
        wanted = condition(field.schema, text)
    except ValueRefusedError:
        return rows.none()
    found = CustomValues.objects.filter(plain__contains=wanted)
    return rows.filter(pk__in=found.values("customer"))


def without_value(rows: QuerySet[Row], field: CustomField) -> QuerySet[Row]:
    """The customers who have no value of this field."""
    return rows.exclude(pk__in=CustomValues.objects.filter(plain__has_key=field.name).values("customer"))


def filter_choices(field: CustomField) -> list[tuple[str, str]]:
    """What a filter by this field offers; none for kinds that a list is not filtered by."""
    if field.is_personal or field.kind not in FILTERED:
        return []
    return [("yes", _("yes")), ("no", _("no"))] if field.kind == BOOLEAN else field.choice_titles()


def _opened(row: CustomValues) -> Mapping[str, Value]:
    if row.sealed is None or row.sealed.is_erased:
        return {}
    # Which fields have a value is not told without opening it.
    if not row.sealed.is_open:
        return {}
    return cast("Mapping[str, Value]", row.sealed.plain)
