"""Change products by hand: one with a check of what the editor saw, or the category of many; both with an undo."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shouyue.kernel.edits import TooManyRowsError, Undone
from shouyue.kernel.ids import new_id
from shouyue.purchases.catalogue.actions.wording import keep_words
from shouyue.purchases.catalogue.facts import CatalogueChanged
from shouyue.purchases.catalogue.models import Product, ProductEdit
from shouyue.purchases.catalogue.queries import values_of
from shouyue.purchases.catalogue.rules import editing
from shouyue.purchases.catalogue.rules.editing import ChangedMeanwhileError, Values
from shouyue.store import facts

_NAMES = {"name", "name_en"}


@transaction.atomic
def edit_product(
    product_id: UUID, wanted: Values, *, is_seen: Callable[[Values], bool], by: str, at: datetime
) -> ProductEdit | None:
    """Set some of editing.FIELDS; None when all of them are so already. A name that is set no sale changes.

    is_seen: whether the product, as it stands, is what the editor saw. Raises Product.DoesNotExist, and
    ChangedMeanwhileError with the values as they are.
    """
    found = _locked([product_id])
    if not found:
        raise Product.DoesNotExist
    current = values_of(found[0])
    changes = editing.differing(current, wanted)
    if not changes:
        return None
    if not is_seen(current):
        raise ChangedMeanwhileError(current)
    return _changed(found, changes, by=by, at=at)


@transaction.atomic
def edit_categories(ids: Sequence[UUID], category_id: UUID | None, *, by: str, at: datetime) -> ProductEdit | None:
    """Put many products into one category, or into none; None when all are there. A fixed number of statements.

    Raises TooManyRowsError.
    """
    if len(ids) > editing.ROWS_MAX:
        raise TooManyRowsError(editing.ROWS_MAX)
    wanted = {"category_id": str(category_id) if category_id else None}
    moved = [one for one in _locked(ids) if editing.differing(values_of(one), wanted)]
    return _changed(moved, wanted, by=by, at=at) if moved else None


@transaction.atomic
def undo_edit(edit_id: UUID, *, by: str, at: datetime) -> Undone:
    """Bring the earlier values back, except where somebody changed them since; asked twice, it does nothing more.

    Raises ProductEdit.DoesNotExist.
    """
    edit = ProductEdit.objects.select_for_update().get(pk=edit_id)
    if edit.undone_at:
        return Undone(0, 0)
    before: Mapping[str, dict[str, Any]] = edit.before
    back = [one for one in _locked([UUID(key) for key in before]) if editing.may_restore(values_of(one), edit.set_to)]
    for one in back:
        _set(one, before[str(one.pk)])
    _written(back, {*edit.set_to, "named_at"}, by=by, at=at)
    edit.undone_at = at
    edit.save(update_fields=["undone_at"])
    return Undone(len(back), len(before) - len(back))


def _locked(ids: Sequence[UUID]) -> list[Product]:
    """The products, locked in the order of ids."""
    return list(Product.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))


def _changed(products: Sequence[Product], changes: Values, *, by: str, at: datetime) -> ProductEdit:
    before = {}
    for one in products:
        kept = {name: value for name, value in values_of(one).items() if name in changes}
        before[str(one.pk)] = {**kept, "named_at": one.named_at.isoformat() if one.named_at else None}
        _set(one, changes)
        if "name" in changes:
            one.named_at = editing.named_at(changes["name"])
    _written(products, {*changes, "named_at"}, by=by, at=at)
    edit = ProductEdit(id=new_id(), before=before, set_to=dict(changes), count=len(before), by=by, edited_at=at)
    edit.save(force_insert=True)
    return edit


def _set(product: Product, values: Values) -> None:
    for name, value in values.items():
        setattr(product, name, datetime.fromisoformat(value) if name == "named_at" and value else value)


def _written(products: Sequence[Product], fields: set[str], *, by: str, at: datetime) -> None:
    Product.objects.bulk_update(products, sorted(fields), batch_size=500)
    if fields & _NAMES:
        keep_words("product", [one.pk for one in products])
    for source, count in sorted(Counter(one.source for one in products).items()):
        fact = CatalogueChanged(batch_id=new_id(), source=source, entries="product", created=0, updated=count)
        facts.announce(fact, at=at, by=by)
