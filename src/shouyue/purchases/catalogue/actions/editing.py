"""Change the catalogue by hand: one entry with a check of what was seen, or the category of many; with an undo."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shouyue.kernel.edits import TooManyRowsError, Undone
from shouyue.kernel.ids import new_id
from shouyue.purchases.catalogue.actions.telling import lock_tree
from shouyue.purchases.catalogue.actions.wording import keep_words
from shouyue.purchases.catalogue.facts import CatalogueChanged
from shouyue.purchases.catalogue.models import MODELS, Category, Entry, EntryEdit, Product
from shouyue.purchases.catalogue.queries import values_of
from shouyue.purchases.catalogue.rules import editing
from shouyue.purchases.catalogue.rules.editing import ChangedMeanwhileError, Values
from shouyue.purchases.catalogue.rules.told import CategoryCircleError, check_tree
from shouyue.store import facts

_NAMES = {"name", "name_en"}


@transaction.atomic
def edit_entry(
    kind: str, entry_id: UUID, wanted: Values, *, is_seen: Callable[[Values], bool], by: str, at: datetime
) -> EntryEdit | None:
    """Set some of editing.FIELDS_OF; None when all of them are so already. A name of a product that is set no sale
    changes.

    is_seen: whether the entry, as it stands, is what the editor saw. Raises Entry.DoesNotExist of its kind,
    CategoryCircleError, and ChangedMeanwhileError with the values as they are.
    """
    model = MODELS[kind]
    if "parent_id" in wanted:
        _lock_trees([entry_id])
    found = _locked(kind, [entry_id])
    if not found:
        raise model.DoesNotExist
    current = values_of(found[0])
    changes = editing.differing(current, wanted)
    if not changes:
        return None
    if not is_seen(current):
        raise ChangedMeanwhileError(current)
    if "parent_id" in changes:
        _check_parent(found[0], changes["parent_id"])
    return _changed(kind, found, changes, by=by, at=at)


@transaction.atomic
def edit_categories(ids: Sequence[UUID], category_id: UUID | None, *, by: str, at: datetime) -> EntryEdit | None:
    """Put many products into one category, or into none; None when all are there. A fixed number of statements.

    Raises TooManyRowsError.
    """
    if len(ids) > editing.ROWS_MAX:
        raise TooManyRowsError(editing.ROWS_MAX)
    wanted = {"category_id": str(category_id) if category_id else None}
    moved = [one for one in _locked("product", ids) if editing.differing(values_of(one), wanted)]
    return _changed("product", moved, wanted, by=by, at=at) if moved else None


@transaction.atomic
def undo_edit(edit_id: UUID, *, by: str, at: datetime) -> Undone:
    """Bring the earlier values back, except where somebody changed them since; asked twice, it does nothing more.

    Raises EntryEdit.DoesNotExist.
    """
    edit = EntryEdit.objects.select_for_update().get(pk=edit_id)
    if edit.undone_at:
        return Undone(0, 0)
    before: Mapping[str, dict[str, Any]] = edit.before
    ids = [UUID(key) for key in before]
    if "parent_id" in edit.set_to:
        _lock_trees(ids)
    found = [one for one in _locked(edit.kind, ids) if editing.may_restore(values_of(one), edit.set_to)]
    back = [one for one in found if _has_place(one, before[str(one.pk)])]
    for one in back:
        _set(one, before[str(one.pk)])
    _written(edit.kind, back, set().union(*before.values()), by=by, at=at)
    edit.undone_at = at
    edit.save(update_fields=["undone_at"])
    return Undone(len(back), len(before) - len(back))


def _locked(kind: str, ids: Sequence[UUID]) -> list[Entry]:
    """The entries, locked in the order of ids."""
    rows: QuerySet[Entry] = MODELS[kind]._default_manager.filter(pk__in=ids)
    return list(rows.order_by("pk").select_for_update(no_key=True))


def _lock_trees(ids: Sequence[UUID]) -> None:
    for source in sorted(set(Category.objects.filter(pk__in=ids).values_list("source", flat=True))):
        lock_tree(source)


def _check_parent(category: Entry, parent_id: str | None) -> None:
    """Raises CategoryCircleError."""
    rows = Category.objects.filter(source=category.source).values_list("pk", "parent")
    tree = {str(key): str(parent or "") for key, parent in rows} | {str(category.pk): parent_id or ""}
    check_tree(tree, list(tree))


def _has_place(entry: Entry, before: Values) -> bool:
    """Whether its earlier values still fit: others may have been put above or below since."""
    try:
        if "parent_id" in before:
            _check_parent(entry, before["parent_id"])
    except CategoryCircleError:
        return False
    return True


def _changed(kind: str, entries: Sequence[Entry], changes: Values, *, by: str, at: datetime) -> EntryEdit:
    before = {}
    for one in entries:
        kept = {name: value for name, value in values_of(one).items() if name in changes}
        if isinstance(one, Product) and "name" in changes:
            kept["named_at"] = one.named_at.isoformat() if one.named_at else None
            one.named_at = editing.named_at(changes["name"])
        before[str(one.pk)] = kept
        _set(one, changes)
    _written(kind, entries, set().union(*before.values()), by=by, at=at)
    edit = EntryEdit(
        id=new_id(), kind=kind, before=before, set_to=dict(changes), count=len(before), by=by, edited_at=at
    )
    edit.save(force_insert=True)
    return edit


def _set(entry: Entry, values: Values) -> None:
    for name, value in values.items():
        setattr(entry, name, datetime.fromisoformat(value) if name == "named_at" and value else value)


def _written(kind: str, entries: Sequence[Entry], fields: set[str], *, by: str, at: datetime) -> None:
    MODELS[kind]._default_manager.bulk_update(entries, sorted(fields), batch_size=500)
    if fields & _NAMES:
        keep_words(kind, [one.pk for one in entries])
    for source, count in sorted(Counter(one.source for one in entries).items()):
        fact = CatalogueChanged(batch_id=new_id(), source=source, entries=kind, created=0, updated=count)
        facts.announce(fact, at=at, by=by)
