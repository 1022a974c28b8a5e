"""Input of the pages of amendments: one form for each kind of change."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.signing.forms.drafts import PassphraseForm
from shouyue.agreement.terms.public import Change
from shouyue.web.inputs import DayInput


class AmendmentForm(PassphraseForm):
    """What every proposal says. before: what the subject is now, in the shape of a change's value."""

    kind = ""
    id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why"), max_length=2000, min_length=10, widget=forms.Textarea(attrs={"rows": 3}))
    applies_from = forms.DateField(
        label=_("From which day on"),
        widget=DayInput(),
        help_text=_("Periods that began before this day are judged as agreed before."),
    )

    def __init__(self, *args: Any, before: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.before = before

    def value(self) -> dict[str, Any]:
        """What is to hold instead, in the shape of its kind; every kind of amendment says its own."""
        raise NotImplementedError  # not an abstract method: Django's forms have a metaclass of their own

    def change(self, subject: str) -> Change:
        said: date = self.cleaned_data["applies_from"]
        return Change(kind=self.kind, subject=subject, value=self.value(), applies_from=said)

    def refuse(self, reason: str) -> None:
        """Say why the change cannot be proposed."""
        words: dict[str, tuple[str | None, Any]] = {
            "too_early": (
                "applies_from",
                _("An amendment reaches no day that has passed. Choose today or a later day."),
            ),
            "same": (None, _("Nothing would change. Write what should be different.")),
            "value": (None, _("This value cannot be agreed on. Check it and send it again.")),
            "unknown": (None, _("The contract has nothing of this name. Go back to the list and choose it there.")),
            "not_a_party": (None, _("Only people of Party A or Party B can propose an amendment.")),
        }
        self.add_error(*words[reason])


class TargetForm(AmendmentForm):
    """Another threshold."""

    kind = "target"
    percent = forms.DecimalField(
        label=_("New target in percent"), min_value=Decimal("0.01"), max_value=100, max_digits=5, decimal_places=2
    )
    field_order = ("percent", "applies_from", "reason")

    def value(self) -> dict[str, Any]:
        return {"threshold_bp": int(self.cleaned_data["percent"] * 100)}


_NUMBERS = {
    "scale_max": _("Best mark of the scale"),
    "satisfied_from": _("Satisfied from this mark on"),
    "loyal_from": _("Loyal from this mark on"),
    "window_days": _("Counted over so many days"),
    "reissued_after_days": _("Days after which a phone may have another owner"),
    "first_answer_working_days": _("First answer within so many working days"),
    "answer_working_hours": _("Answer within so many working hours"),
    "solution_working_days": _("Solution within so many working days"),
    "disclosure_working_days": _("Told within so many working days"),
}


class DefinitionForm(AmendmentForm):
    """Other words of a definition, and the whole numbers that the product computes with."""

    kind = "definition"
    text = forms.CharField(label=_("New words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
    field_order = ("text",)

    def __init__(self, *args: Any, before: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, before=before, **options)
        self.numbers = [name for name, value in before["parameters"].items() if type(value) is int]
        for name in self.numbers:
            self.fields[f"number_{name}"] = forms.IntegerField(
                label=_NUMBERS.get(name, name), min_value=1, max_value=10_000
            )
        self.order_fields(["text", *(f"number_{name}" for name in self.numbers), "applies_from", "reason"])

    def value(self) -> dict[str, Any]:
        said = self.cleaned_data
        numbers = {name: said[f"number_{name}"] for name in self.numbers}
        return {"text": said["text"], "parameters": {**self.before["parameters"], **numbers}}


class WordsForm(AmendmentForm):
    """Other or further words of a clause."""

    kind = "clause"
    title = forms.CharField(label=_("Heading"), max_length=120, required=False)
    text = forms.CharField(label=_("New words"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}))
    field_order = ("title", "text", "applies_from", "reason")

    def value(self) -> dict[str, Any]:
        return {"title": self.cleaned_data["title"], "text": self.cleaned_data["text"]}


class TermForm(AmendmentForm):
    """Another last day."""

    kind = "term"
    ends_on = forms.DateField(label=_("New last day"), widget=DayInput())
    field_order = ("ends_on", "applies_from", "reason")

    def value(self) -> dict[str, Any]:
        return {"ends_on": self.cleaned_data["ends_on"].isoformat()}


FORMS: dict[str, type[AmendmentForm]] = {form.kind: form for form in (TargetForm, DefinitionForm, WordsForm, TermForm)}


class RefusalForm(forms.Form):
    """Why a proposal is refused or taken back."""

    text = forms.CharField(label=_("In your words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
