"""Tell the catalogue: entries made or completed in batches; told again, nothing changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from shouyue.kernel.ids import new_id
from shouyue.purchases.catalogue.actions.wording import keep_words
from shouyue.purchases.catalogue.facts import CatalogueChanged
from shouyue.purchases.catalogue.models import Category, Channel, Product, Store
from shouyue.purchases.catalogue.rules.told import (
    CategoryTold,
    ChannelTold,
    ProductTold,
    StoreTold,
    check_tree,
    entry_id,
    said,
)
from shouyue.store import facts

CREATED: Final = "created"
UPDATED: Final = "updated"
UNCHANGED: Final = "unchanged"

_NAMES: Final = {"name", "name_en"}
_Model = type[Product] | type[Category] | type[Store] | type[Channel]


@transaction.atomic
def tell_categories(told: Sequence[CategoryTold], *, source: str, at: datetime, by: str) -> list[str]:
    """Make or complete categories; one outcome each, in their order. A code twice: the later word completes.

    Categories that are only named as those above are made too. Raises CategoryCircleError; then nothing is written.
    """
    named = _merged(told)
    above = {one["parent"] for one in named.values() if one.get("parent")}
    lock_tree(source)
    parents = dict(Category.objects.filter(source=source).values_list("code", "parent__code"))
    tree = {code: parent or "" for code, parent in parents.items()} | dict.fromkeys(above - parents.keys(), "")
    tree |= {code: one["parent"] for code, one in named.items() if "parent" in one}
    check_tree(tree, list(named))
    _put(Category, "category", source, {code: {} for code in above if code not in named})
    values = {code: _with_id(one, "parent", "category", source) for code, one in named.items()}
    outcomes = _put(Category, "category", source, values)
    return _announced("category", [one.code for one in told], outcomes, source=source, at=at, by=by)


@transaction.atomic
def tell_products(told: Sequence[ProductTold], *, source: str, at: datetime, by: str) -> list[str]:
    """Make or complete products; one outcome each, in their order. A code twice: the later word completes.

    Categories that they name are made. A name that is told here is no longer read from sales.
    """
    named = _merged(told)
    categories = {one["category"] for one in named.values() if one.get("category")}
    _put(Category, "category", source, {code: {} for code in categories})
    values = {code: _with_id(one, "category", "category", source) for code, one in named.items()}
    for one in values.values():
        if one.get("name"):
            one["named_at"] = None
    outcomes = _put(Product, "product", source, values)
    return _announced("product", [one.code for one in told], outcomes, source=source, at=at, by=by)


@transaction.atomic
def tell_stores(told: Sequence[StoreTold], *, source: str, at: datetime, by: str) -> list[str]:
    """Make or complete stores; one outcome each, in their order."""
    outcomes = _put(Store, "store", source, _merged(told))
    return _announced("store", [one.code for one in told], outcomes, source=source, at=at, by=by)


@transaction.atomic
def tell_channels(told: Sequence[ChannelTold], *, source: str, at: datetime, by: str) -> list[str]:
    """Make or complete channels; one outcome each, in their order."""
    outcomes = _put(Channel, "channel", source, _merged(told))
    return _announced("channel", [one.code for one in told], outcomes, source=source, at=at, by=by)


def _merged(told: Sequence[CategoryTold | ProductTold | StoreTold | ChannelTold]) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for one in told:
        merged.setdefault(one.code, {}).update(said(one))
    return merged


def _with_id(values: Mapping[str, Any], name: str, kind: str, source: str) -> dict[str, Any]:
    """The values with the code in `name` replaced by the id that it stands for."""
    rest = {key: value for key, value in values.items() if key != name}
    if name in values:
        rest[f"{name}_id"] = entry_id(kind, source, values[name]) if values[name] else None
    return rest


def _put(model: _Model, kind: str, source: str, values: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Write entries by code and lock them until the transaction ends; returns outcomes by code."""
    entries: Any = model._default_manager
    ids: dict[UUID, str] = {entry_id(kind, source, code): code for code in values}
    known = set(entries.filter(pk__in=ids).values_list("pk", flat=True))
    new = [model(id=key, source=source, code=ids[key], **values[ids[key]]) for key in sorted(ids) if key not in known]
    entries.bulk_create(new, ignore_conflicts=True)
    changed, fields, renamed = [], set(), [row.pk for row in new]
    for row in entries.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True, of=("self",)):
        moved = {name for name, value in values[row.code].items() if getattr(row, name) != value}
        for name in moved:
            setattr(row, name, values[row.code][name])
        if moved:
            changed.append(row)
            fields |= moved
        if moved & _NAMES:
            renamed.append(row.pk)
    if changed:
        entries.bulk_update(changed, sorted(fields), batch_size=500)
    keep_words(kind, renamed)
    outcomes = {code: UNCHANGED if key in known else CREATED for key, code in ids.items()}
    return outcomes | {row.code: UPDATED for row in changed if row.pk in known}


def lock_tree(source: str) -> None:
    """Two that change the tree take turns: each alone may be sound, and both together a circle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"purchases categories {source}"])


def _announced(
    entries: str, codes: Sequence[str], outcomes: Mapping[str, str], *, source: str, at: datetime, by: str
) -> list[str]:
    """The outcome of each word: a repetition within the batch changed nothing more."""
    created, updated = (list(outcomes.values()).count(what) for what in (CREATED, UPDATED))
    if created or updated:
        fact = CatalogueChanged(batch_id=new_id(), source=source, entries=entries, created=created, updated=updated)
        facts.announce(fact, at=at, by=by)
    seen: set[str] = set()
    told = []
    for code in codes:
        told.append(UNCHANGED if code in seen else outcomes[code])
        seen.add(code)
    return told
