"""Input of the register of disclosures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.web.inputs import DayInput


class NoteForm(forms.Form):
    """A fact that one party owes the other."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    owed_by = forms.ChoiceField(label=_("Who owes it"), choices=[("a", _("Party A")), ("b", _("Party B"))])
    fact = forms.CharField(
        label=_("Which fact"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as a breakdown, a change of the system, a loss of data, a change of the people in charge."),
    )
    known_on = forms.DateField(label=_("Known since"), widget=DayInput())

    def refuse(self, reason: str) -> None:
        """Say beside the field why the entry was not kept."""
        words: dict[str, tuple[str | None, Any]] = {
            "in_the_future": (
                "known_on",
                _("This day is still to come. Enter the day on which the fact became known."),
            ),
            "before_the_agreement": (
                "known_on",
                _("On this day the agreement had not begun. Check the year and the month."),
            ),
            "not_a_party": (None, _("Only people of Party A or Party B keep this register.")),
        }
        self.add_error(*words[reason])


class TellForm(forms.Form):
    """The fact in the words in which it is told."""

    text = forms.CharField(label=_("What you tell"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    evidence = forms.URLField(label=_("Link to the evidence"), required=False, max_length=500, assume_scheme="https")
