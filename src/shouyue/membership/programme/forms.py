"""Input of the programme's screens."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id
from shouyue.kernel.money import yuan_text
from shouyue.membership.programme.rules.content import BASE_KEY
from shouyue.membership.programme.rules.earning import Occasion
from shouyue.membership.programme.sentences import OCCASIONS, named
from shouyue.purchases.public import CategoryTree
from shouyue.web.choices import offer_choices
from shouyue.web.inputs import DayInput

Kept = Mapping[str, Any]


class _LimitedForm(forms.Form):
    """What a rule or a campaign is about, and how much it gives at most.

    kept: the one that is changed, if it is not new; what the form does not show stays as it is there.
    """

    items = forms.CharField(
        label=_("Only these items"),
        required=False,
        max_length=400,
        help_text=_("Item codes, with spaces between; BB-* is every code that begins so."),
    )
    categories = forms.MultipleChoiceField(
        label=_("Or these categories"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With all that is below them. None chosen: all categories."),
    )
    cap = forms.IntegerField(label=_("At most each time"), required=False, min_value=1, max_value=10_000_000)
    budget = forms.IntegerField(
        label=_("At most in all"),
        required=False,
        min_value=1,
        max_value=10_000_000_000,
        help_text=_("Points; the day on which they are used up is the last."),
    )
    key = forms.SlugField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, kept: Kept | None = None) -> None:
        super().__init__(data, initial=self.told(kept) if kept else None)
        tree = CategoryTree()
        self._kept: Kept = kept or {}
        self._names = {one: names for one in self._kept.get("categories", ()) if (names := self._kept_names(one))}
        choices = tree.choices()
        # A category that is gone since stays with what names it, until somebody takes it out.
        gone = [one for one in self._names if one not in dict(choices)]
        self._names |= {one: tree.names(one) for one, _label in choices}
        offer_choices(self, "categories", [*choices, *((one, named(*self._names[one])) for one in gone)])

    def _kept_names(self, category: str) -> list[str]:
        names: list[str] = self._kept.get("category_names", {}).get(category, [category, category])
        return names

    def scope(self) -> dict[str, Any]:
        """What it is about, as a version keeps it; with names: what members agreed to stays as they read it."""
        chosen = self.cleaned_data["categories"]
        return {
            "items": self.cleaned_data["items"].split(),
            "categories": chosen,
            "category_names": {one: self._names[one] for one in chosen},
            "channels": self._kept.get("channels", []),
        }

    @staticmethod
    def told(kept: Kept) -> dict[str, Any]:
        """What the form begins with for a kept one."""
        return {**kept, "items": " ".join(kept["items"])}


class RuleForm(_LimitedForm):
    """One earn rule. For purchases an amount is needed; every other occasion gives its points at once."""

    occasion = forms.ChoiceField(label=_("For what"), choices=[(one.value, OCCASIONS[one]) for one in Occasion])
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=1_000_000)
    per_yuan = forms.DecimalField(
        label=_("For each (yuan)"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        help_text=_("Purchases only: 1 gives the points for every yuan."),
    )
    first = forms.DateField(label=_("From"), required=False, widget=DayInput())
    last = forms.DateField(label=_("Until"), required=False, widget=DayInput())

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        is_purchase = told.get("occasion") == Occasion.PURCHASE
        if is_purchase and not told.get("per_yuan"):
            self.add_error("per_yuan", _("A purchase rule needs the amount that earns the points, above zero."))
        _check_days(self, told)
        if told.get("key") == BASE_KEY and not is_purchase:
            self.add_error("occasion", _("The base rule is for purchases."))
        if told.get("categories") and not is_purchase:
            self.add_error("categories", _("Only purchases have categories. Choose none."))
        elif told.get("categories") and told.get("key") == BASE_KEY:
            self.add_error("categories", _("The base rule is for all categories. Write a rule of its own."))
        return told

    def rule(self) -> dict[str, Any]:
        """The rule as a version keeps it; call after is_valid."""
        told = self.cleaned_data
        is_purchase = told["occasion"] == Occasion.PURCHASE
        return {
            "key": told["key"] or f"rule-{new_id().hex[-8:]}",
            "occasion": told["occasion"],
            "points": told["points"],
            "per_fen": int(told["per_yuan"] * 100) if is_purchase else 0,
            **self.scope(),
            "first": told["first"].isoformat() if told["first"] else None,
            "last": told["last"].isoformat() if told["last"] else None,
            "cap": told["cap"],
            "budget": told["budget"],
        }

    @staticmethod
    def told(kept: Kept) -> dict[str, Any]:
        """What the form begins with for a kept rule."""
        return {**_LimitedForm.told(kept), "per_yuan": yuan_text(kept["per_fen"]) if kept["per_fen"] else ""}


class CampaignForm(_LimitedForm):
    """A campaign that makes points more for some days."""

    zh = forms.CharField(label=_("Name in Chinese"), max_length=60)
    en = forms.CharField(label=_("Name in English"), max_length=60)
    factor = forms.DecimalField(
        label=_("Points times"), min_value=Decimal("1.1"), max_value=20, max_digits=4, decimal_places=2, initial=2
    )
    first = forms.DateField(label=_("From"), widget=DayInput())
    last = forms.DateField(label=_("Until"), widget=DayInput())

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        _check_days(self, told)
        return told

    def campaign(self) -> dict[str, Any]:
        """The campaign as a version keeps it; call after is_valid."""
        told = self.cleaned_data
        return {
            "key": told["key"] or f"campaign-{new_id().hex[-8:]}",
            "zh": told["zh"],
            "en": told["en"],
            "factor": f"{told['factor'].normalize():f}",
            **self.scope(),
            "tiers": self._kept.get("tiers", []),
            "first": told["first"].isoformat(),
            "last": told["last"].isoformat(),
            "cap": told["cap"],
            "budget": told["budget"],
        }


class PublishForm(forms.Form):
    """From which day the draft counts."""

    starts_on = forms.DateField(label=_("Counts from"), widget=DayInput())
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


def _check_days(form: forms.Form, told: dict[str, Any]) -> None:
    if told.get("first") and told.get("last") and told["last"] < told["first"]:
        form.add_error("last", _("The last day lies before the first. Choose a later one."))
