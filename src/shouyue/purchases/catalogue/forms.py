"""Input of the screens on which the catalogue is changed by hand."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.kernel.money import from_e4, to_e4
from shouyue.purchases.catalogue.rules.editing import FIELDS, Values, differing

Choices = Sequence[tuple[str, str]]


class ProductForm(forms.Form):
    """One product. categories: choices by id. seen: the values that the editor saw, to tell what others changed."""

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
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

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
        told = super().clean() or {}
        try:
            told["seen"] = json.loads(self.data.get("seen", ""))
        except ValueError:
            told["seen"] = None
        if not isinstance(told["seen"], dict) or set(told["seen"]) != set(FIELDS):
            raise forms.ValidationError(_now("This page is too old. Open the form again."))
        if told.get("list_price") is not None and not told.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _now("A price needs a currency, for instance CNY."))
        return told

    @property
    def wanted(self) -> dict[str, Any]:
        """What the editor changed of what they saw."""
        told: dict[str, Any] = {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}
        price = self.cleaned_data["list_price"]
        values = {
            **told,
            "category_id": told["category_id"] or None,
            "list_price_e4": None if price is None else to_e4(str(price)),
        }
        return differing(self.cleaned_data["seen"], values)


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
