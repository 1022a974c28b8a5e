"""Input of the screens of kinships."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.customers.kinships.models import RelationKind

HOUSEHOLD: Final = "household"
REFUSALS: Final[dict[str, Any]] = {
    "self": _("This is the same customer. Name another one."),
    "company": _("The other one must be a company. Set their kind to company first if they are one."),
    "person": _("A company cannot stand so to somebody. Choose another relation, or correct the kind of the customer."),
    "cycle": _("It would go round in a circle: the other one stands above this customer already."),
    "there": _("This is recorded already."),
    "anonymous": _("A till sale belongs to nobody known. Choose a customer."),
    "nobody": _("Nobody was found. Give the number, a whole phone, or characters of the name."),
}


class KinshipForm(forms.Form):
    """What the customer is, and to whom. chosen: one of several who were found."""

    kind = forms.ChoiceField(
        label=_("This customer is"), choices=[(HOUSEHOLD, _("in one household with")), *RelationKind.choices]
    )
    who = forms.CharField(
        label=_("Whom?"),
        max_length=120,
        help_text=_("Number, name, pinyin, whole phone or its last four digits, card or WeChat id."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
    is_reversed = forms.BooleanField(
        label=_("The other way round: the other one is that to this customer"), required=False
    )
    chosen = forms.UUIDField(required=False)
