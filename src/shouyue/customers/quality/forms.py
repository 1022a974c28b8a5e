"""Input of the screens of quality."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.web.inputs import DayInput


class FreshnessDay(forms.Form):
    """The day that is looked at."""

    on = forms.DateField(label=_("On the day"), required=False, widget=DayInput())


class AuditSize(forms.Form):
    """How many customers a month's audit calls."""

    size = forms.IntegerField(
        label=_("Customers to call"),
        min_value=1,
        max_value=5_000,
        initial=120,
        help_text=_("120 answers give about ±5 points around 93%."),
    )


class Said(forms.Form):
    """What one customer said on the phone. fields: those that are asked."""

    _LABELS = {
        "name": _("Name, as the customer says it"),
        "phone": _("Phone they use"),
        "email": _("E-mail they use"),
        "address": _("Address where they live"),
        "birthday": _("Birthday, such as 1990-05-17"),
    }

    def __init__(self, *args: Any, asked: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in asked:
            widget = forms.TextInput(attrs={"autocomplete": "off"})
            self.fields[name] = forms.CharField(label=self._LABELS[name], required=False, max_length=300, widget=widget)


class Correction(forms.Form):
    """What a member says instead of what we have."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    field = forms.ChoiceField(
        label=_("What is wrong or missing"),
        choices=[
            ("phone", _("Phone")),
            ("name", _("Name")),
            ("email", _("E-mail")),
            ("address", _("Address")),
            ("birthday", _("Birthday")),
        ],
    )
    value = forms.CharField(
        label=_("What is right"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


REFUSALS = {
    "unusable": _("We cannot read this. Write a whole phone number, e-mail address or day such as 1990-05-17."),
    "empty": _("Write what is right."),
    "same": _("This is what we have already. You can confirm it above."),
}
