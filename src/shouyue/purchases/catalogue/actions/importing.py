"""Imports of a catalogue: the steps that this room serves in mappings, and what becomes of each row."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from shouyue.purchases.catalogue.actions import telling
from shouyue.purchases.catalogue.rules import files
from shouyue.purchases.catalogue.rules.told import CategoryTold
from shouyue.store.imports.mapping import Batch, FilePattern, Finished, Outcomes, Step

_TELL: dict[str, Callable[..., list[str]]] = {
    "product": telling.tell_products,
    "store": telling.tell_stores,
    "channel": telling.tell_channels,
}


def load_catalogue(source: str, batch: Batch) -> Outcomes:
    """Write one batch of staged entries and say what became of each of its rows."""
    entries: dict[str, list[Any]] = defaultdict(list)
    categories: dict[CategoryTold, None] = {}
    for row in batch.rows:
        kind, entry, named = files.told_by(row.content)
        entries[kind].append(entry)
        categories.update(dict.fromkeys(named))
    if categories:
        telling.tell_categories(list(categories), source=source, at=batch.at, by=batch.by)
    outcomes = Outcomes()
    for kind, told in sorted(entries.items()):
        for outcome in _TELL[kind](told, source=source, at=batch.at, by=batch.by):
            outcomes.count(outcome)
    return outcomes


def finish_catalogue(finished: Finished) -> None:
    """Nothing more is to be said: each batch announced what it changed."""
    del finished


PLAIN_CATALOGUE = Step(
    name="catalogue",
    title=_("Products, stores and channels"),
    files=tuple(
        FilePattern(name, (f"{name}.*",), files.PLAIN_COLUMNS, is_optional=True)
        for name in (files.PRODUCTS, files.STORES, files.CHANNELS)
    ),
    reader=files.PlainCatalogueReader,
    load=partial(load_catalogue, files.PLAIN),
    finish=finish_catalogue,
)

OLIST_CATALOGUE = Step(
    name="catalogue",
    title=_("Products and categories"),
    files=(
        FilePattern(
            files.TRANSLATIONS,
            ("product_category_name_translation.csv", "product_category_name_translation.csv.gz"),
            files.OLIST_TRANSLATION_COLUMNS,
            is_optional=True,
            is_lookup=True,
        ),
        FilePattern(
            files.PRODUCTS,
            ("olist_products_dataset.csv", "olist_products_dataset.csv.gz"),
            files.OLIST_PRODUCT_COLUMNS,
            is_optional=True,
        ),
    ),
    reader=files.OlistCatalogueReader,
    load=partial(load_catalogue, files.OLIST),
    finish=finish_catalogue,
)
