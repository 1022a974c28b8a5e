"""What the catalogue gives to the palette: products, categories, stores and channels by name, sound and code."""

from collections.abc import Callable, Sequence
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.purchases.catalogue.models import Category, Channel, Entry, Product, Store
from shouyue.purchases.catalogue.queries import entries_found
from shouyue.store.contributions.search import Hit, SearchGroup
from shouyue.store.registry import Reader
from shouyue.web.sources import source_name


def _group(kind: str, order: int, title: Promise | str, url: Callable[[Entry], str]) -> SearchGroup:
    def find(asked: str, _reader: Reader, most: int) -> Sequence[Hit]:
        # Everybody who signs in at the desk may see the catalogue: it says nothing of a person.
        return [Hit(title=one.label, note=_note(one), url=url(one)) for one in entries_found(kind, asked, most=most)]

    return SearchGroup(name=f"purchases.{kind}", order=order, title=title, find=find)


def _note(entry: Entry) -> str:
    """What tells it from others of the same name."""
    said = [entry.code if entry.label != entry.code else source_name(entry.source)]
    if isinstance(entry, Store) and entry.city:
        said.append(entry.city)
    if not entry.is_active:
        said.append(str(_GONE[type(entry)]))
    return " · ".join(said)


_GONE: Final = {
    Product: _("no longer sold"),
    Category: _("no longer in use"),
    Store: pgettext_lazy("a store", "closed"),
    Channel: _("no longer in use"),
}
FOUND: Final = (
    _group("product", 50, _("Products"), lambda one: reverse("purchases:product", args=[one.pk])),
    _group("category", 60, _("Categories"), lambda one: f"{reverse('purchases:products')}?category={one.pk}"),
    _group("store", 70, _("Stores"), lambda one: reverse("purchases:store", args=[one.pk])),
    _group("channel", 80, _("Channels"), lambda one: f"{reverse('purchases:orders')}?channel={one.pk}"),
)
