"""Input of those who review duplicates."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

LIKELY, LESS, DISMISSED, MERGED = "likely", "less", "dismissed", "merged"
RANDOM = "random"
TABS = (
    (LIKELY, _("To be looked at")),
    (LESS, _("Less likely")),
    (DISMISSED, _("Not duplicates")),
    (MERGED, _("Merged")),
)


class Queue(forms.Form):
    """Which pairs, in which order; what cannot be read is the first of each."""

    show = forms.ChoiceField(required=False, choices=TABS)
    order = forms.ChoiceField(required=False, choices=[(RANDOM, RANDOM)])

    @property
    def shown(self) -> str:
        return (self.is_valid() and self.cleaned_data["show"]) or LIKELY

    @property
    def is_random(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["order"])

    @property
    def query(self) -> str:
        """The part of an address that leads back to this queue; "" for the usual one."""
        kept = QueryDict(mutable=True)
        if self.shown != LIKELY:
            kept["show"] = self.shown
        if self.is_random:
            kept["order"] = RANDOM
        return f"?{kept.urlencode()}" if kept else ""


class Keep(forms.Form):
    """Which of two records stays."""

    def __init__(self, *args: Any, sides: list[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["keep"] = forms.TypedChoiceField(
            label=_("Which record stays"), choices=sides, coerce=UUID, widget=forms.RadioSelect
        )
