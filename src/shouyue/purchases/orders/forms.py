"""Input of the purchases' screens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.purchases.catalogue.public import EntryChoices
from shouyue.purchases.orders.models import OrderKind, UnlinkedReason
from shouyue.web.choices import offer_choices
from shouyue.web.sources import source_choices


class OrderFilters(forms.Form):
    """What the list of orders shows. sources: names of the sources there are. entries: choices of stores, channels and
    categories; each is asked for where there are any. product: from the page of a product."""

    number = forms.CharField(label=_("Number"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *OrderKind.choices])
    source = forms.ChoiceField(label=_("Source"), required=False)
    store = forms.ChoiceField(label=_("Store"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    product = forms.UUIDField(label=_("Only with one product"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sources: list[str], entries: EntryChoices, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = source_choices(sources, _("All sources"))
        self.fields["source"] = forms.ChoiceField(label=_("Source"), required=False, choices=choices)
        for name, everything in _EVERYTHING.items():
            if entries[name]:
                offer_choices(self, name, [("", everything), *entries[name]])
            else:
                del self.fields[name]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that say something; none when one of them cannot be read."""
        return {name: value for name, value in (self.cleaned_data if self.is_valid() else {}).items() if value}


_EVERYTHING = {"store": _("All stores"), "channel": _("All channels"), "category": _("All categories")}


class ReturnFilters(forms.Form):
    """Which returns that are not linked are shown."""

    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[("", _("All reasons")), *UnlinkedReason.choices]
    )
