"""What is sold, and where: products in a tree of categories, stores, channels. Each belongs to one source's codes."""

from collections.abc import Mapping
from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shouyue.purchases.catalogue.rules.told import NEVER_SOLD
from shouyue.store.tokens import parts_of_name, parts_of_query


class Entry(models.Model):
    """Base of an entry. id: derived from the kind, the source and the code.

    name: in the company's language; name_en: for readers of English. Both may be empty: then the code stands for it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.CharField(_("source"), max_length=40)
    code = models.CharField(_("code"), max_length=80)
    name = models.CharField(_("name"), max_length=300, blank=True, default="")
    name_en = models.CharField(_("name in English"), max_length=300, blank=True, default="")
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "code"], name="%(class)s_once_per_source")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What a reader of the active language sees."""
        is_english = (get_language() or "").startswith("en")
        return (self.name_en if is_english else "") or self.name or self.name_en or self.code


class Category(Entry):
    """A category of products, below another or at the top."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", verbose_name=_("category above")
    )

    class Meta(Entry.Meta):
        constraints: ClassVar = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                name="category_not_below_itself", condition=Q(parent__isnull=True) | ~Q(parent=models.F("id"))
            ),
        ]


class Product(Entry):
    """What lines of orders point to by their item code.

    named_at: the moment of the sale that the name was read from; NEVER_SOLD without one; None: the name was told for
    the catalogue itself and no sale changes it. list_price_e4: in 1/10,000 of the currency's unit.
    """

    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, related_name="products", verbose_name=_("category")
    )
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    list_price_e4 = models.BigIntegerField(_("list price"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    named_at = models.DateTimeField(null=True, default=NEVER_SOLD)

    class Meta(Entry.Meta):
        constraints: ClassVar = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                name="product_price_not_negative", condition=Q(list_price_e4__isnull=True) | Q(list_price_e4__gte=0)
            ),
        ]


class EntryEdit(models.Model):
    """One change of entries of one kind by hand, kept so that it can be taken back.

    before: by entry what its fields were, of a product with named_at. set_to: the fields with the values that were set.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=10, default="product")
    before = models.JSONField()
    set_to = models.JSONField()
    count = models.PositiveIntegerField()
    by = models.CharField(max_length=80)
    edited_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{', '.join(self.set_to)}: {self.count}"


class Store(Entry):
    """A place where orders are made: a shop, or a warehouse that sells."""

    city = models.CharField(_("city"), max_length=80, blank=True, default="")


class Channel(Entry):
    """The way by which an order comes in: at the counter, the online shop, by phone."""


MODELS: Final[Mapping[str, type[Entry]]] = {
    "product": Product,
    "category": Category,
    "store": Store,
    "channel": Channel,
}


class EntryWords(models.Model):
    """By which words people find an entry. Names of goods and shops are not personal, so the words can be read.

    Beside the entries and not in them: nothing but a search reads it.
    """

    entry_id = models.UUIDField(primary_key=True, editable=False)
    words = ArrayField(models.TextField())

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["words"], name="entry_by_words", gin_pending_list_limit=1024)]

    def __str__(self) -> str:
        return f"{self.entry_id}"


# The kind stands before each word: of a million products none is looked at for a store.
_MARKS: Final = {"product": "p", "category": "g", "store": "s", "channel": "w"}
_CODE = "c"
_CODE_LEAST, _CODE_MOST = 2, 20  # characters of a beginning of a code


def words_of(kind: str, code: str, *names: str) -> list[str]:
    """What `EntryWords` keeps of an entry: characters, pinyin and initials of its names, beginnings of its code."""
    parts = {f"{sort}{part}" for name in names for sort, part in parts_of_name(name)}
    folded = code.casefold()
    ends = {len(folded), *range(_CODE_LEAST, min(len(folded), _CODE_MOST) + 1)}
    return sorted(_MARKS[kind] + word for word in parts | {_CODE + folded[:end] for end in ends})


def found_by(kind: str, asked: str) -> Q:
    """The condition on `EntryWords` for what a person typed: a beginning of the code, or every word of it in names."""
    mark = _MARKS[kind]
    groups = [[f"{mark}{sort}{part}" for sort, part in group] for group in parts_of_query(asked)]
    by_code = Q(words__contains=[f"{mark}{_CODE}{asked.casefold()[:_CODE_MOST]}"])
    return by_code | Q(*(Q(words__overlap=group) for group in groups)) if groups else by_code


class EntryKind(models.TextChoices):
    """What an import of orders may name of the catalogue."""

    PRODUCT = "product", _("Product")
    STORE = "store", _("Store")
    CHANNEL = "channel", _("Channel")


class NamedEntry(models.Model):
    """An entry that an import of orders made or gave a name, so that it can be taken back."""

    pk = models.CompositePrimaryKey("run_id", "kind", "entry_id")
    run_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    entry_id = models.UUIDField()
    is_new = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="named_entry_kind_is_known", condition=Q(kind__in=EntryKind.values))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id}"
