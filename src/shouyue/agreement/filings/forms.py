"""Input of the page of a duty."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.web.inputs import DayInput


class FilingForm(forms.Form):
    """What was done, when, and what proves it. id: made with the empty form, so that a second send is the same one."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    done_on = forms.DateField(label=_("Done on"), widget=DayInput())
    what = forms.CharField(
        label=_("What was done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In words that the other party can check."),
    )
    evidence = forms.URLField(label=_("Link to the evidence"), required=False, max_length=500, assume_scheme="https")

    def refuse(self, reason: str) -> None:
        """Say beside the field why the filing was not kept."""
        messages: dict[str, tuple[str | None, Any]] = {
            "in_the_future": ("done_on", _("This day is still to come. File the duty once it is done.")),
            "too_early": ("done_on", _("This day lies before the duty's time began. Check the year and the month.")),
            "not_yours": (None, _("The other party owes this duty, so only its people can file it.")),
            "not_due": (None, _("The duty is not due on this day. Go back to the list of duties and choose it there.")),
        }
        field, words = messages[reason]
        self.add_error(field, words)
