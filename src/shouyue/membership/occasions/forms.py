"""Input of occasions."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReviewForm(forms.Form):
    """What a member reviewed; the same name again gives nothing more."""

    about = forms.CharField(
        label=_("What was reviewed"),
        max_length=60,
        help_text=_("The number of the order or the code of the item. Each gives points once."),
    )
