"""Questions about the catalogue."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final, TypeAlias
from uuid import UUID

from shouyue.purchases.catalogue.models import Category, Channel, Entry, EntryWords, Product, Store, found_by
from shouyue.purchases.catalogue.rules.editing import FIELDS_OF, Values
from shouyue.purchases.catalogue.rules.told import product_ids
from shouyue.store.contributions.search import ranked

# Choices of a field by its name: (id as text, what the reader sees).
EntryChoices: TypeAlias = dict[str, list[tuple[str, str]]]
CHOICES_MAX: Final = 500
LOOKED_AT: Final = 200

# What entries are, without anything that depends on how or when they were written.
_ENTRY: Final = ("id", "source", "code", "name", "name_en", "is_active")
CATALOGUE_COLUMNS: Final = (
    ("purchases_category", (*_ENTRY, "parent_id"), ("id",)),
    (
        "purchases_product",
        (*_ENTRY, "category_id", "unit", "list_price_e4", "currency", "named_at"),
        ("id",),
    ),
    ("purchases_store", (*_ENTRY, "city"), ("id",)),
    ("purchases_channel", _ENTRY, ("id",)),
)


def entries_found(kind: str, asked: str, *, most: int) -> list[Entry]:
    """Entries that a person may mean, the best first: by code, by a part of a name, by how it is read. One statement.

    kind: product, category, store or channel. Of what very many entries have, the first LOOKED_AT are looked at.
    """
    words = EntryWords.objects.filter(found_by(kind, asked)).values("entry_id")[:LOOKED_AT]
    found = sorted(_MODELS[kind].objects.filter(pk__in=words), key=lambda one: (not one.is_active, one.label, one.code))
    best = ranked(asked, [(one, [one.code, one.name, one.name_en]) for one in found], most=most)
    # Words of both names together: the index found it, no single text shows it.
    return [*best, *(one for one in found if one not in best)][:most]


def values_of(entry: Entry) -> Values:
    """What may be changed of an entry, as it stands; ids as text."""
    values = {name: getattr(entry, name) for name in FIELDS_OF[str(entry._meta.model_name)]}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}


def products_below(category_id: UUID) -> list[UUID]:
    """Products of the category and of all those below it; two statements."""
    below = categories_below(category_id)
    return list(Product.objects.filter(category_id__in=below).values_list("pk", flat=True))


def categories_below(category_id: UUID) -> list[UUID]:
    """The category and all those below it."""
    children = _by_parent(Category.objects.only("pk", "parent_id"))
    found = [category_id]
    for key in found:
        found += [one.pk for one in children[key]]
    return found


def category_tree() -> list[tuple[Category, int]]:
    """All categories with their depth, each followed by those below it, by name; one statement."""
    children = _by_parent(Category.objects.all())
    found: list[tuple[Category, int]] = []

    def walk(parent: UUID | None, depth: int) -> None:
        for one in children[parent]:
            found.append((one, depth))
            walk(one.pk, depth + 1)

    walk(None, 0)
    return found


def entry_choices() -> EntryChoices:
    """Stores, channels and categories to choose from, at most CHOICES_MAX of each; three statements."""
    return {
        "store": _choices(Store.objects.all()),
        "channel": _choices(Channel.objects.all()),
        "category": category_choices()[:CHOICES_MAX],
    }


def category_choices(*, source: str = "") -> list[tuple[str, str]]:
    """All categories, or those of a source, to choose from, those below others indented; one statement."""
    return [
        (str(one.pk), f"{_INDENT * depth}{one.label}")
        for one, depth in category_tree()
        if not source or one.source == source
    ]


class CategoryTree:
    """All categories as they stand, for other rooms; read once, by one statement."""

    def __init__(self) -> None:
        self._read()

    def _read(self) -> None:
        self._all = category_tree()
        self._by_id = {one.pk: one for one, _depth in self._all}

    def choices(self) -> list[tuple[str, str]]:
        """To choose from, those below others indented."""
        return [(str(one.pk), f"{_INDENT * depth}{one.label}") for one, depth in self._all]

    def names(self, category_id: str) -> list[str]:
        """What a category is called in Chinese and in English."""
        one = self._by_id[UUID(category_id)]
        return [one.name or one.name_en or one.code, one.name_en or one.name or one.code]

    def paths(self, products: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
        """Of products by (source, code) that have a category: its id and those of all above it. One statement."""
        named = {source: product_ids(source) for source, _code in products}
        ids = {UUID(named[source](code)): (source, code) for source, code in products}
        found = Product.objects.filter(pk__in=ids, category__isnull=False).values_list("pk", "category_id")
        if any(category not in self._by_id for _product, category in found):
            self._read()  # made since, by somebody else
        return {ids[product]: self._path(category) for product, category in found}

    def _path(self, category_id: UUID | None) -> list[str]:
        path: list[str] = []
        while category_id is not None:
            path.append(str(category_id))
            category_id = self._by_id[category_id].parent_id
        return path


def _choices(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    found = sorted(((str(one.pk), one.label) for one in entries), key=lambda pair: (pair[1], pair[0]))
    return found[:CHOICES_MAX]


def _by_parent(categories: Iterable[Category]) -> dict[UUID | None, list[Category]]:
    children: dict[UUID | None, list[Category]] = defaultdict(list)
    for one in categories:
        children[one.parent_id].append(one)
    for several in children.values():
        several.sort(key=lambda one: (one.label, one.code))
    return children


_INDENT: Final = "\u3000"
_MODELS: Final[dict[str, type[Product] | type[Category] | type[Store] | type[Channel]]] = {
    "product": Product,
    "category": Category,
    "store": Store,
    "channel": Channel,
}
