"""Input of a new customer."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.customers.entering.rules.entry import FIELDS, EntryRefusedError, Place, entry
from shouyue.customers.entering.words import REFUSALS
from shouyue.customers.people.public import Known

_PLACE_MAX = 60


def _words(label: Any, most: int, **attributes: Any) -> forms.CharField:
    # Of somebody else: the browser must neither fill in what it knows of the clerk nor keep it.
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(label=label, required=False, max_length=most, widget=widget)


class NewCustomer(forms.Form):
    """A customer as somebody types it. `known` and `place` once it is valid."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = _words(pgettext_lazy("of a person", "Name"), 80, autofocus=True)
    title = forms.ChoiceField(label=_("Title"), required=False, choices=[("", "–"), ("mr", _("Mr")), ("ms", _("Ms"))])
    phone = _words(_("Phone"), 200, inputmode="tel")
    email = _words(_("E-mail"), 200, inputmode="email")
    birthday = _words(_("Birthday"), 20, placeholder="1990-05-17")
    address = _words(_("Address"), 300)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("person", _("person")), ("company", _("company")), ("unknown", _("person or company"))],
    )
    city = _words(_("City"), 80)
    region = _words(_("Region"), _PLACE_MAX)
    country = _words(_("Country"), _PLACE_MAX)

    known: Known

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        try:
            self.known = entry({field: said.get(field, "") for field in FIELDS})
        except EntryRefusedError as refused:
            for field, reason in refused.reasons.items():
                self.add_error(field, str(REFUSALS[reason]))
        return said

    @property
    def place(self) -> Place:
        """What the customer is and where."""
        return Place(**{name: self.cleaned_data[name] for name in ("kind", "country", "region", "city")})

    @property
    def key(self) -> UUID:
        """Of this form: sent twice, it makes one customer."""
        made: UUID = self.cleaned_data["id"]
        return made
