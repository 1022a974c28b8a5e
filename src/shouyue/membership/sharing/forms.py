"""Input of the households' screens."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ConsentForm(forms.Form):
    """The member's consent that a household draws on their points."""

    cap_points = forms.IntegerField(
        label=_("At most in a calendar month"), min_value=1, max_value=1_000_000, initial=1_000
    )
    number = forms.CharField(
        label=_("Number of somebody who shares already"),
        required=False,
        max_length=60,
        help_text=_("Leave it empty to begin a household; the others then join it by this member's number."),
    )
    agreed = forms.BooleanField(label=_("The member agrees to this, in person or in writing"))


class DrawForm(forms.Form):
    """Points of the household for this member; the key draws once."""

    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=1_000_000)
    key = forms.UUIDField(widget=forms.HiddenInput)
