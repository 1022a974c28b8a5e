"""Declare fields, and set their values on customers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from django.db import connection, transaction
from django.utils.text import slugify

from shouyue.customers.attesting.public import value_key
from shouyue.customers.fields.facts import DeclaredValuesEdited
from shouyue.customers.fields.models import CustomField, CustomValueChange, CustomValues, CustomValuesEdit
from shouyue.customers.fields.queries import values_by_customer
from shouyue.customers.fields.rules import values as rules
from shouyue.customers.fields.rules.values import CHOICE, CHOICES_MAX, MULTI, ROWS_MAX, Value
from shouyue.customers.people.public import UnknownCustomersError
from shouyue.kernel.ids import new_id
from shouyue.store import facts
from shouyue.store.copying import uuid_array
from shouyue.store.sealed_fields import seal, unseal


class FieldRefusedError(ValueError):
    """A field that cannot be declared or changed so.

    reason: choices; in_use: a choice that customers have; rows: more values than can be changed together.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Declared:
    """How a field is declared. choices: (Chinese, English) in order, of choice and multi."""

    title_zh: str
    title_en: str
    kind: str
    is_required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    data_class: str = ""


@transaction.atomic
def declare_field(told: Declared, *, by: str, at: datetime) -> CustomField:
    """Add a field to all customers at once; no table changes. Raises FieldRefusedError."""
    field = CustomField(
        name=_name(told.title_en),
        title_zh=told.title_zh,
        title_en=told.title_en,
        kind=told.kind,
        is_required=told.is_required,
        choices=_choices(told.kind, told.choices, []),
        data_class=told.data_class,
        made_at=at,
        made_by=by,
    )
    field.save(force_insert=True)
    return field


@transaction.atomic
def change_field(field_id: UUID, told: Declared) -> CustomField:
    """Other names, other choices, required or not; kind and class of data stay. Raises FieldRefusedError."""
    field = CustomField.objects.select_for_update().get(pk=field_id)
    choices = _choices(field.kind, told.choices, field.choices)
    gone = {one[0] for one in field.choices} - {one[0] for one in choices}
    if any(_is_used(field, key) for key in sorted(gone)):
        raise FieldRefusedError("in_use")
    field.title_zh, field.title_en, field.is_required, field.choices = (
        told.title_zh,
        told.title_en,
        told.is_required,
        choices,
    )
    field.save()
    return field


@transaction.atomic
def retire_field(field_id: UUID, *, is_retired: bool, at: datetime) -> None:
    """Ask nobody for it any more, or again; its values stay. A second time changes nothing."""
    field = CustomField.objects.select_for_update().get(pk=field_id)
    if bool(field.retired_at) is not is_retired:
        field.retired_at = at if is_retired else None
        field.save(update_fields=["retired_at"])


@transaction.atomic
def set_value(
    customer: UUID, field: CustomField, said: Sequence[str], *, seen: UUID | None, by: str, at: datetime
) -> CustomValueChange | None:
    """Set one value of one customer; None when it is so already.

    seen: `seen_key` of the value that the editor saw. Raises ValueRefusedError, ChangedMeanwhileError,
    UnknownCustomersError.
    """
    wanted = rules.clean(field.schema, said)
    row = _locked(customer, at)
    current = _value(row, field)
    if not rules.is_change(current, wanted, was_seen=seen == seen_key(customer, current)):
        return None
    _write(row, field, wanted, at=at)
    change = CustomValueChange(
        id=new_id(),
        customer_id=customer,
        field=field,
        before={"value": current},
        after={"value": wanted},
        by=by,
        changed_at=at,
    )
    seal([change], at=at)
    change.save(force_insert=True)
    facts.announce(DeclaredValuesEdited(batch_id=change.id, field=field.name, count=1), at=at, by=by)
    return change


@transaction.atomic
def undo_value(customer: UUID, change_id: UUID, *, by: str, at: datetime) -> bool:
    """Bring the earlier value back; False where somebody changed it since, or it was undone before.

    Raises CustomValueChange.DoesNotExist.
    """
    row = _locked(customer, at)
    change = CustomValueChange.objects.select_related("field").get(customer=customer, id=change_id)
    unseal([change], ["before", "after"])
    if change.undone_at or change.before is None or change.after is None or change.before.is_erased:
        return False
    before, after = (cast("dict[str, Value]", one.plain)["value"] for one in (change.before, change.after))
    if _value(row, change.field) != after:
        return False
    _write(row, change.field, before, at=at)
    CustomValueChange.objects.filter(customer=customer, id=change_id).update(undone_at=at)
    facts.announce(DeclaredValuesEdited(batch_id=change_id, field=change.field.name, count=1), at=at, by=by)
    return True


@transaction.atomic
def edit_values(
    customers: Sequence[UUID], field: CustomField, wanted: Value, *, by: str, at: datetime, is_blind: bool = False
) -> CustomValuesEdit | None:
    """Set one value of many customers; None when none differs. Till sales and who was erased stay as they are.

    wanted: as `rules.clean` gives it. is_blind: the editor may not read the values, so that the count must not tell
    who has this one already: it is set on everybody. A fixed number of statements. Raises FieldRefusedError for more
    customers than are changed at once.
    """
    if len(customers) > ROWS_MAX:
        raise FieldRefusedError("rows")
    held = _held(customers, field)
    before = held if is_blind else rules.to_change(held, wanted)
    if not before:
        return None
    told: dict[str, Any] = (
        {"value": None, "before": []} if field.is_personal else {"value": wanted, "before": _by_value(before)}
    )
    edit = CustomValuesEdit(id=new_id(), field=field, count=len(before), by=by, edited_at=at, **told)
    edit.save(force_insert=True)
    if field.is_personal:
        _keep_sealed(edit, before, wanted)
    _write_many(field, dict.fromkeys(before, wanted), at=at)
    facts.announce(DeclaredValuesEdited(batch_id=edit.pk, field=field.name, count=len(before)), at=at, by=by)
    return edit


def _by_value(before: Mapping[UUID, Value]) -> list[tuple[Value, list[str]]]:
    earlier: dict[str, tuple[Value, list[str]]] = {}
    for who, value in before.items():
        earlier.setdefault(rules.canonical(value), (value, []))[1].append(str(who))
    return list(earlier.values())


def _keep_sealed(edit: CustomValuesEdit, before: Mapping[UUID, Value], wanted: Value) -> None:
    """Both values of each customer under their own key: who is erased takes them along."""
    changes = [
        CustomValueChange(
            id=new_id(),
            customer_id=who,
            field=edit.field,
            before={"value": value},
            after={"value": wanted},
            by=edit.by,
            changed_at=edit.edited_at,
            edit=edit,
        )
        for who, value in before.items()
    ]
    CustomValueChange.objects.bulk_create(seal(changes, at=edit.edited_at), batch_size=_BATCH)


@transaction.atomic
def undo_values(edit_id: UUID, *, by: str, at: datetime) -> tuple[int, int]:
    """Bring the earlier values back, except where somebody changed them since: how many of each. Twice is once.

    Raises CustomValuesEdit.DoesNotExist.
    """
    edit = CustomValuesEdit.objects.select_for_update(of=("self",)).select_related("field").get(pk=edit_id)
    if edit.undone_at:
        return 0, 0
    before, set_to = _sealed_of(edit) if edit.field.is_personal else _plain_of(edit)
    restored = rules.to_restore(before, _held(list(before), edit.field), set_to=set_to)
    _write_many(edit.field, restored, at=at)
    edit.undone_at = at
    edit.save(update_fields=["undone_at"])
    if restored:
        fact = DeclaredValuesEdited(batch_id=edit.pk, field=edit.field.name, count=len(restored))
        facts.announce(fact, at=at, by=by)
    return len(restored), edit.count - len(restored)


def _plain_of(edit: CustomValuesEdit) -> tuple[dict[UUID, Value], Value]:
    return {UUID(who): value for value, ids in edit.before for who in ids}, cast("Value", edit.value)


def _sealed_of(edit: CustomValuesEdit) -> tuple[dict[UUID, Value], Value]:
    """What was there before by customer, and what was set; without those who were erased since."""
    changes = unseal(list(CustomValueChange.objects.filter(edit=edit)), ["before", "after"])
    before: dict[UUID, Value] = {}
    set_to: Value = None
    for one in changes:
        if one.before is not None and one.after is not None and not one.before.is_erased:
            before[one.customer_id] = cast("dict[str, Value]", one.before.plain)["value"]
            set_to = cast("dict[str, Value]", one.after.plain)["value"]
    return before, set_to


def seen_key(customer: UUID, value: Value) -> UUID:
    """What a form carries of the value that its reader saw: tells whether it is still the same, and nothing else."""
    return value_key(customer, rules.canonical(value))


def _held(customers: Sequence[UUID], field: CustomField) -> dict[UUID, Value]:
    """The values of these customers, who are locked in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [uuid_array(customers)])
    return values_by_customer(customers, field)


def _write_many(field: CustomField, values: Mapping[UUID, Value], *, at: datetime) -> None:
    if field.is_personal:
        _write_sealed(field, values, at=at)
        return
    told = [json.dumps({} if value is None else {field.name: value}) for value in values.values()]
    with connection.cursor() as cursor:
        cursor.execute(_SET, {"ids": uuid_array(values), "told": told, "name": field.name, "at": at})


def _write_sealed(field: CustomField, values: Mapping[UUID, Value], *, at: datetime) -> None:
    rows = unseal(list(CustomValues.objects.filter(customer__in=list(values))), ["sealed"])
    there = {row.pk for row in rows}
    rows += [CustomValues(customer_id=who, updated_at=at) for who in values if who not in there]
    for row in rows:
        row.sealed = rules.with_value(_values(row, field), field.name, values[row.pk]) or None
        row.updated_at = at
    CustomValues.objects.bulk_create(
        seal(rows, at=at),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=["sealed", "updated_at"],
    )


_BATCH: Final = 2_000
_LOCK = "SELECT FROM customers_customer WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE"
_SET = """
INSERT INTO customers_customvalues AS had (customer_id, plain, updated_at)
SELECT told.id, told.plain::jsonb, %(at)s FROM unnest(%(ids)s::uuid[], %(told)s::text[]) AS told (id, plain)
ON CONFLICT (customer_id) DO UPDATE
SET plain = (had.plain - %(name)s::text) || excluded.plain, updated_at = excluded.updated_at
"""


def _locked(customer: UUID, at: datetime) -> CustomValues:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_customer WHERE id = %s FOR NO KEY UPDATE", [customer])
        if cursor.fetchone() is None:
            raise UnknownCustomersError([customer])
    row = CustomValues.objects.filter(customer=customer).first()
    return unseal([row], ["sealed"])[0] if row else CustomValues(customer_id=customer, updated_at=at)


def _values(row: CustomValues, field: CustomField) -> dict[str, Value]:
    if not field.is_personal:
        return dict(row.plain)
    return cast("dict[str, Value]", row.sealed.plain) if row.sealed and not row.sealed.is_erased else {}


def _value(row: CustomValues, field: CustomField) -> Value:
    return _values(row, field).get(field.name)


def _write(row: CustomValues, field: CustomField, value: Value, *, at: datetime) -> None:
    after = rules.with_value(_values(row, field), field.name, value)
    if field.is_personal:
        row.sealed = after or None
    else:
        row.plain = after
    row.updated_at = at
    seal([row], at=at)
    row.save()


def _name(title_en: str) -> str:
    base = slugify(title_en)[:32] or "field"
    taken = set(CustomField.objects.filter(name__startswith=base).values_list("name", flat=True))
    return next(name for name in (base, *(f"{base}-{number}" for number in range(2, 1_000))) if name not in taken)


def _choices(kind: str, told: Sequence[tuple[str, str]], before: Sequence[Sequence[str]]) -> list[list[str]]:
    """[[key, Chinese, English]]; a choice whose Chinese or English name stays keeps its key."""
    if kind not in {CHOICE, MULTI}:
        return []
    if not 1 <= len(told) <= CHOICES_MAX or len({zh for zh, _en in told}) < len(told):
        raise FieldRefusedError("choices")
    keys = {name: one[0] for one in before for name in one[1:]}
    found: list[list[str]] = []
    for zh, en in told:
        key = keys.get(zh) or keys.get(en) or new_id().hex[-12:]
        if any(one[0] == key for one in found):
            raise FieldRefusedError("choices")
        found.append([key, zh, en])
    return found


def _is_used(field: CustomField, key: str) -> bool:
    if field.is_personal:
        return CustomValues.objects.filter(sealed__isnull=False).exists()
    has = [key] if field.kind == MULTI else key
    return CustomValues.objects.filter(plain__contains={field.name: has}).exists()
