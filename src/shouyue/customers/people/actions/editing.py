"""Change customers by hand: one with a check of what the editor saw, or many with an undo."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shouyue.customers.people.facts import CustomersEdited
from shouyue.customers.people.models import Customer, CustomerEdit, CustomerKind
from shouyue.customers.people.rules import editing
from shouyue.customers.people.rules.editing import Standing
from shouyue.kernel.edits import TooManyRowsError, Undone
from shouyue.kernel.ids import new_id
from shouyue.store import facts


@transaction.atomic
def edit_customer(
    customer_id: UUID, *, field: str, value: str, seen: str, by: str, at: datetime
) -> CustomerEdit | None:
    """Set one field; None when it has the value already.

    seen: the value that the editor saw. Raises Customer.DoesNotExist, NotEditableError, and ChangedMeanwhileError
    with the value that somebody else set.
    """
    wanted = editing.clean(field, value)
    rows = _standing([customer_id], field)
    if not rows:
        raise Customer.DoesNotExist
    if rows[0].is_anonymous:
        raise editing.NotEditableError(field)
    if not editing.is_change(rows[0].value, seen=seen, wanted=wanted):
        return None
    return _changed({customer_id: rows[0].value}, field, wanted, by=by, at=at)


@transaction.atomic
def edit_customers(ids: Sequence[UUID], *, field: str, value: str, by: str, at: datetime) -> CustomerEdit | None:
    """Set one field of many; None when none differs. Till sales stay as they are. A fixed number of statements.

    Raises NotEditableError, TooManyRowsError.
    """
    wanted = editing.clean(field, value)
    if len(ids) > editing.ROWS_MAX:
        raise TooManyRowsError(editing.ROWS_MAX)
    before = editing.to_change(_standing(ids, field), wanted)
    return _changed(before, field, wanted, by=by, at=at) if before else None


@transaction.atomic
def undo_edit(edit_id: UUID, *, by: str, at: datetime) -> Undone:
    """Bring the earlier values back, except where somebody changed them since; asked twice, it does nothing more.

    Raises CustomerEdit.DoesNotExist.
    """
    edit = CustomerEdit.objects.select_for_update().get(pk=edit_id)
    before = {UUID(who): value for value, ids in edit.before.items() for who in ids}
    if edit.undone_at:
        return Undone(0, 0)
    restored = editing.to_restore(before, _standing(list(before), edit.field), set_to=edit.value)
    _write(restored, edit.field, at=None)
    edit.undone_at = at
    edit.save(update_fields=["undone_at"])
    if restored:
        facts.announce(CustomersEdited(batch_id=edit.pk, field=edit.field, count=len(restored)), at=at, by=by)
    return Undone(len(restored), len(before) - len(restored))


def _standing(ids: Sequence[UUID], field: str) -> list[Standing]:
    """The rows, locked in the order of ids."""
    rows = Customer.objects.filter(pk__in=ids).order_by("id").select_for_update(no_key=True)
    return [Standing(row.pk, getattr(row, field), row.kind == CustomerKind.ANONYMOUS) for row in rows]


def _changed(before: Mapping[UUID, str], field: str, wanted: str, *, by: str, at: datetime) -> CustomerEdit:
    _write(dict.fromkeys(before, wanted), field, at=at)
    earlier: dict[str, list[str]] = {}
    for who, value in before.items():
        earlier.setdefault(value, []).append(str(who))
    edit = CustomerEdit(id=new_id(), field=field, value=wanted, before=earlier, count=len(before), by=by, edited_at=at)
    edit.save(force_insert=True)
    facts.announce(CustomersEdited(batch_id=edit.pk, field=field, count=len(before)), at=at, by=by)
    return edit


def _write(values: Mapping[UUID, str], field: str, *, at: datetime | None) -> None:
    """at: when it was set by hand; None gives the field back to the sources."""
    if values:
        mark = json.dumps({field: at.isoformat()} if at else {})
        with connection.cursor() as cursor:
            cursor.execute(_WRITE[field], [field, mark, list(values), list(values.values())])


_WRITE = {
    field: f"UPDATE customers_customer AS customer SET {field} = told.value, "  # noqa: S608 names of columns alone
    "by_hand = nullif(coalesce(by_hand, '{}') - %s || %s::jsonb, '{}') "
    "FROM unnest(%s::uuid[], %s::text[]) AS told (id, value) WHERE customer.id = told.id"
    for field in editing.FIELDS
}
