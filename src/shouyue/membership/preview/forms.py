"""Input of previews."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PreviewForm(forms.Form):
    """How far back to look, and whether what begins later counts."""

    days = forms.TypedChoiceField(
        label=_("Purchases of the last"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        initial=90,
    )
    with_coming = forms.BooleanField(
        label=_("Count what begins later as if it had always run"),
        required=False,
        initial=True,
        help_text=_("Rules and campaigns of coming days would otherwise give nothing for past purchases."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
