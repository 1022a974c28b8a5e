"""Input of the screens on which the catalogue is changed by hand."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.kernel.money import from_e4, to_e4
from shouyue.purchases.catalogue.rules.editing import FIELDS_OF, Values, differing
from shouyue.web.choices import offer_choices

Choices = Sequence[tuple[str, str]]


class EntryForm(forms.Form):
    """One entry of FIELDS_OF[kind]. seen: the values that the editor saw, to tell what others changed."""

    kind = "channel"
    name = forms.CharField(label=pgettext_lazy("of a product", "Name"), required=False, max_length=300)
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=300)
    is_active = forms.BooleanField(label=_("It is still in use"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order: Iterable[str] | None = ("name", "name_en", "parent_id", "city", "is_active")

    @staticmethod
    def started(values: Values) -> dict[str, Any]:
        """What the form shows of these values."""
        return {name: "" if value is None else value for name, value in {**values, "seen": json.dumps(values)}.items()}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        try:
            told["seen"] = json.loads(self.data.get("seen", ""))
        except ValueError:
            told["seen"] = None
        if not isinstance(told["seen"], dict) or set(told["seen"]) != set(FIELDS_OF[self.kind]):
            raise forms.ValidationError(_now("This page is too old. Open the form again."))
        return told

    @property
    def values(self) -> dict[str, Any]:
        """What the form says, as it is kept."""
        return {name: self.cleaned_data[name] for name in FIELDS_OF[self.kind] if name in self.cleaned_data}

    @property
    def wanted(self) -> dict[str, Any]:
        """What the editor changed of what they saw."""
        return differing(self.cleaned_data["seen"], self.values)


class StoreForm(EntryForm):
    """One store."""

    kind = "store"
    city = forms.CharField(label=_("City"), required=False, max_length=80)


class CategoryEntryForm(EntryForm):
    """One category. categories: those that it may stand below, by id."""

    kind = "category"
    parent_id = forms.ChoiceField(label=_("Category above"), required=False)

    def __init__(self, *args: Any, categories: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "parent_id", [("", _("none: at the top")), *categories])

    @property
    def values(self) -> dict[str, Any]:
        told = super().values
        return {**told, "parent_id": told["parent_id"] or None}


class ProductForm(EntryForm):
    """One product. categories: choices by id."""

    kind = "product"
    field_order: Iterable[str] | None = (
        "name",
        "name_en",
        "category_id",
        "list_price",
        "currency",
        "unit",
        "is_active",
    )
    name = forms.CharField(
        label=pgettext_lazy("of a product", "Name"),
        required=False,
        max_length=300,
        help_text=_("A name set here stays, whatever receipts say. Left empty, the next sale names it again."),
    )
    name_en = forms.CharField(label=_("Name in English"), required=False, max_length=300)
    category_id = forms.ChoiceField(label=_("Category"), required=False)
    list_price = forms.DecimalField(
        label=_("List price"), required=False, min_value=0, max_digits=13, decimal_places=4, localize=False
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        required=False,
        max_length=3,
        help_text=_("Three capital letters, for instance CNY."),
        error_messages={"invalid": _("Write the currency as three capital letters, for instance CNY.")},
    )
    unit = forms.CharField(label=_("Unit"), required=False, max_length=20, help_text=_("For instance piece, box, kg."))
    is_active = forms.BooleanField(label=_("It is still sold"), required=False)

    def __init__(self, *args: Any, categories: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category_id"] = forms.ChoiceField(
            label=_("Category"), required=False, choices=[("", _("without a category")), *categories]
        )

    @staticmethod
    def started(values: Values) -> dict[str, Any]:
        """What the form shows of these values."""
        price = values["list_price_e4"]
        shown = {**values, "list_price": None if price is None else _short(from_e4(price)), "seen": json.dumps(values)}
        return {name: "" if value is None else value for name, value in shown.items()}

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("list_price") is not None and not told.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _now("A price needs a currency, for instance CNY."))
        return told

    @property
    def values(self) -> dict[str, Any]:
        told, price = super().values, self.cleaned_data["list_price"]
        return {
            **told,
            "category_id": told["category_id"] or None,
            "list_price_e4": None if price is None else to_e4(str(price)),
        }


class CategoryForm(forms.Form):
    """The category that many products get. categories: choices by id."""

    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, *args: Any, categories: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("without a category")), *categories]
        self.fields["category"] = forms.ChoiceField(label=_("New category"), required=False, choices=choices)


def _short(price: Decimal) -> str:
    """12.5000 as 12.50: no more places than there are, at least two."""
    text = f"{price:.4f}".rstrip("0")
    whole, _dot, places = text.partition(".")
    return f"{whole}.{places:0<2}"
