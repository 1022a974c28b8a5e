"""Input of the pages of claims."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.claims.models import Claim
from shouyue.agreement.claims.rules.claims import ARGUMENT_MIN, Lack

_LACKS: dict[Lack, tuple[str | None, str | Promise]] = {
    Lack.OWN_SIDE: (None, _("Only people of Party A or Party B can claim, and only against the other party.")),
    Lack.WRONG_SIDE: (
        "ground",
        _("This ground is about the other party's duties: satisfaction is Party A's, loyalty Party B's."),
    ),
    Lack.NO_TARGET: (
        "result_id",
        _("This ground needs a target that was missed by the agreed rule. An undetermined result is not enough."),
    ),
    Lack.WRONG_TARGET: ("result_id", _("This target does not belong to the ground. Choose one that does.")),
    Lack.NO_DUTY: ("duties", _("Name at least one duty that was not done in time.")),
    Lack.FOREIGN_DUTY: ("duties", _("Name only duties of the other party that are overdue or were done late.")),
    Lack.FOREIGN_FACT: (
        "disclosure_id",
        _("Name only a fact that the other party owes, and only for ground 8.1(3)."),
    ),
    Lack.NO_ARGUMENT: (
        "argument",
        _("Say how the duty and the result hang together, so that the other party can answer it."),
    ),
}


class ClaimForm(forms.Form):
    """What clause 8.2(1) asks of a notice: target, duties, cause, evidence, and what is wanted."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    ground = forms.ChoiceField(label=_("Ground"), choices=Claim.Ground.choices)
    result_id = forms.TypedChoiceField(label=_("Missed target"), required=False, empty_value=None)
    duties = forms.MultipleChoiceField(label=_("Duties not done"), required=False, widget=forms.CheckboxSelectMultiple)
    disclosure_id = forms.TypedChoiceField(label=_("Fact of the register"), required=False, empty_value=None)
    argument = forms.CharField(
        label=_("How the one led to the other"),
        max_length=4000,
        min_length=ARGUMENT_MIN,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    evidence = forms.URLField(label=_("Link to the evidence"), required=False, max_length=500, assume_scheme="https")
    wanted = forms.CharField(
        label=_("What is wanted"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Clause 8.2(2): performance, a remedy, compensation."),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        targets: Sequence[tuple[Any, str]],
        duties: Sequence[tuple[str, str]],
        facts: Sequence[tuple[Any, str]],
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.fields["result_id"] = forms.TypedChoiceField(
            label=_("Missed target"),
            required=False,
            empty_value=None,
            coerce=forms.UUIDField().to_python,
            choices=[("", _("– none: the ground needs no target –")), *targets],
        )
        self.fields["disclosure_id"] = forms.TypedChoiceField(
            label=_("Fact of the register"),
            required=False,
            empty_value=None,
            coerce=forms.UUIDField().to_python,
            choices=[("", _("– none –")), *facts],
            help_text=_("For 8.1(3): told late, told falsely, or not told."),
        )
        self.fields["duties"] = forms.MultipleChoiceField(
            label=_("Duties not done"), required=False, widget=forms.CheckboxSelectMultiple, choices=list(duties)
        )

    def refuse(self, lacks: Sequence[Lack]) -> None:
        """Say beside each field what the claim lacks."""
        for lack in lacks:
            field, words = _LACKS[lack]
            self.add_error(field, str(words))


class StepForm(forms.Form):
    """What a party does about a claim."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    step = forms.ChoiceField(label=_("What you do"))
    text = forms.CharField(label=_("In your words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    evidence = forms.URLField(label=_("Link to the evidence"), required=False, max_length=500, assume_scheme="https")

    def __init__(self, data: QueryDict | None, *, steps: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["step"] = forms.ChoiceField(label=_("What you do"), choices=list(steps))
