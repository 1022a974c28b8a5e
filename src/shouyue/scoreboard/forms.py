"""Input of the page of a measure."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _


class WhatIfForm(forms.Form):
    """How many more answers are supposed, and what share of them is satisfied."""

    more = forms.IntegerField(label=_("Further answers"), min_value=0, max_value=100_000)
    share = forms.DecimalField(
        label=_("Of them satisfied, in percent"), min_value=Decimal(0), max_value=100, max_digits=5, decimal_places=2
    )
