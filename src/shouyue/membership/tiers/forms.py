"""Input of the tiers' screens."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DayForm(forms.Form):
    """Any day: which tier did the member have then?"""

    day = forms.DateField(label=_("On the day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
