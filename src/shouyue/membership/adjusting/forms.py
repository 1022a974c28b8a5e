"""Input of the corrections."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AdjustmentForm(forms.Form):
    """Points to give or, below zero, to take; the key asks once."""

    points = forms.IntegerField(
        label=_("Points"),
        min_value=-1_000_000,
        max_value=1_000_000,
        help_text=_("Below zero takes points away."),
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For whoever approves it. No names, phones or addresses."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_points(self) -> int:
        points: int = self.cleaned_data["points"]
        if points == 0:
            raise forms.ValidationError(_("Nothing would change. Give a number other than 0."))
        return points
