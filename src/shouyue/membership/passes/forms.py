"""Input of the screens of bought tiers."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.membership.passes.rules.steps import Content, lowest_of
from shouyue.membership.programme.public import named
from shouyue.web.choices import offer_choices
from shouyue.web.inputs import DayInput

_MONTHS_MAX = 60
_PRICE_MAX = 1_000_000


class PassForm(forms.Form):
    """A tier for some months: sold, or granted for nothing; the key records it once."""

    tier = forms.ChoiceField(label=_("Tier"))
    first = forms.DateField(label=_("From"), widget=DayInput(), required=True)
    months = forms.IntegerField(label=_("For so many months"), min_value=1, max_value=_MONTHS_MAX)
    price_yuan = forms.DecimalField(
        label=_("Price (yuan)"),
        min_value=0,
        max_value=_PRICE_MAX,
        max_digits=9,
        decimal_places=2,
        help_text=_("0 grants it. The till takes the money; here it is recorded."),
    )
    why = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("For whoever looks into it later. No names, phones or addresses.")
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, content: Content, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today, lowest = today, lowest_of(content)
        steps = [one for one in content["tiers"]["steps"] if one["name"] != lowest]
        offer_choices(self, "tier", [(one["name"], named(one["zh"], one["en"])) for one in steps])

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < self.today:
            raise forms.ValidationError(_("Days that have passed keep their tier. Choose today or later."))
        return first

    def price_fen(self) -> int:
        return int(self.cleaned_data["price_yuan"] * 100)


class EndForm(forms.Form):
    """Why a tier ends before its day."""

    why = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("For whoever looks into it later. No names, phones or addresses.")
    )
