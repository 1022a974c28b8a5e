"""Input of the pages of plans."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.agreement.plans.rules.measures import PlannedMeasure
from shouyue.agreement.plans.rules.remeasured import ResultChoice
from shouyue.agreement.terms.public import Agreement
from shouyue.kernel.ids import new_id
from shouyue.web.choices import offer_choices
from shouyue.web.inputs import DayInput

MEASURES_MAX, BLANK_ROWS = 60, 3


class GoalsForm(forms.Form):
    """What the plan is for. after_version: the version that the editor saw."""

    after_version = forms.IntegerField(widget=forms.HiddenInput)
    goals = forms.CharField(label=_("Goals"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class MeasureForm(forms.Form):
    """One row of the plan; a row without a title is left out."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    title = forms.CharField(label=pgettext_lazy("plan", "Measure"), max_length=200, required=False)
    clause = forms.RegexField(
        r"^([1-9]\d*\.[1-9]\d*(\([1-9]\d*\))?)?$", label=_("Clause"), required=False, max_length=16
    )
    owner = forms.ChoiceField(
        label=_("Owner"), choices=[("a", _("Party A")), ("b", _("Party B")), ("both", _("Both parties"))]
    )
    first_month = forms.IntegerField(label=_("From month"), min_value=1, required=False)
    last_month = forms.IntegerField(label=_("To month"), min_value=1, required=False)
    goal = forms.CharField(label=_("What shows it"), max_length=300, required=False)
    budget = forms.DecimalField(label=_("Budget (yuan)"), min_value=0, max_digits=12, decimal_places=2, required=False)

    answers = forms.ChoiceField(label=_("Answers the result"), required=False)

    def __init__(self, *args: Any, months: int, results: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.months = months
        known = [("", "–"), *results]
        kept = self.initial.get("answers", "")
        if kept and not any(kept == key for _group, choices in results for key, _label in choices):
            # Of a wave that is no longer offered: the link stays until somebody changes it.
            known.append((kept, _("the result it answered so far")))
        offer_choices(self, "answers", known)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("title"):
            first, last = said.get("first_month"), said.get("last_month")
            if first is None and "first_month" not in self.errors:
                self.add_error("first_month", _("From which month of the contract?"))
            if last is None and "last_month" not in self.errors:
                self.add_error("last_month", _("Until which month of the contract?"))
            elif last is not None and last > self.months:
                self.add_error("last_month", _("The contract has %(months)s months.") % {"months": self.months})
            elif first is not None and last is not None and last < first:
                self.add_error("last_month", _("It would end before it begins."))
        return said

    def measure(self) -> PlannedMeasure | None:
        said = self.cleaned_data
        if not said.get("title"):
            return None
        return PlannedMeasure(
            key=said["key"] or str(new_id()),
            title=said["title"],
            clause=said["clause"],
            owner=said["owner"],
            first_month=said["first_month"],
            last_month=said["last_month"],
            goal=said["goal"],
            budget_fen=int((said["budget"] or Decimal(0)) * 100),
            answers=said["answers"],
        )


def measure_rows(
    data: Any, agreement: Agreement, measures: list[PlannedMeasure], results: Sequence[ResultChoice] = ()
) -> Any:
    """The formset of a plan's measures, with a few blank rows for further ones. results: that they may answer."""
    grouped = [
        (group, [(one.key, one.label) for one in members])
        for group, members in groupby(sorted(results, key=lambda one: one.group), key=lambda one: one.group)
    ]
    rows = forms.formset_factory(MeasureForm, extra=BLANK_ROWS, max_num=MEASURES_MAX, absolute_max=MEASURES_MAX)
    initial = [
        {
            "key": one.key,
            "title": one.title,
            "clause": one.clause,
            "owner": one.owner,
            "first_month": one.first_month,
            "last_month": one.last_month,
            "goal": one.goal,
            "budget": Decimal(one.budget_fen) / 100 if one.budget_fen else None,
            "answers": one.answers,
        }
        for one in measures
    ]
    return rows(data, initial=initial, form_kwargs={"months": agreement.months, "results": grouped}, prefix="m")


class DeliveryForm(forms.Form):
    """What was delivered, when, and what proves it."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    done_on = forms.DateField(label=_("Delivered on"), widget=DayInput())
    what = forms.CharField(label=_("What was delivered"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.URLField(label=_("Link to the evidence"), required=False, max_length=500, assume_scheme="https")

    def refuse(self, reason: str) -> None:
        """Say why the delivery was not kept."""
        if reason == "in_the_future":
            self.add_error("done_on", _("This day is still to come. State the delivery once it is done."))
        else:
            self.add_error(None, _("Only the party that the plan names can state this delivery."))
