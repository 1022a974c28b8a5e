"""What a person fills in to let a program in, or to have facts sent."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouyue.rest.public import DAYS_MAX, fact_kinds, scopes
from shouyue.web.choices import offer_choices


class KeyForm(forms.Form):
    """A new key."""

    prefix = "key"
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Which program will use it."))
    scopes = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Good for"), min_value=1, max_value=DAYS_MAX, initial=365)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type] # a QueryDict or None
        offer_choices(self, "scopes", [(scope, scope) for scope in scopes()])


class WebhookForm(forms.Form):
    """A new receiver."""

    prefix = "webhook"
    url = forms.CharField(label=_("Address"), max_length=500, help_text=_("Begins with https://."))
    kinds = forms.MultipleChoiceField(label=_("Facts to send"), widget=forms.CheckboxSelectMultiple)
    description = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type] # a QueryDict or None
        kinds = [(kind, gettext(words)) for kind, words in fact_kinds().items()]
        offer_choices(self, "kinds", kinds)
