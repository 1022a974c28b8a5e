"""Input of the pages of disputes and terminations."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.enclosures.public import EnclosureField
from shouyue.agreement.proceedings.models import Proceeding


class OpeningForm(forms.Form):
    """What a dispute is about, or why the contract is to end."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("What it is about"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, data: Any, *, kind: str, claims: Sequence[tuple[Any, str]], **options: Any) -> None:
        super().__init__(data, **options)
        if kind == Proceeding.Kind.TERMINATION:
            self.fields["ground"] = forms.ChoiceField(label=_("Ground"), choices=Proceeding.Ground.choices)
            self.fields["text"].label = _("Reasons")
        self.fields["claim_id"] = forms.TypedChoiceField(
            label=_("Claim it rests on"),
            required=False,
            empty_value=None,
            coerce=forms.UUIDField().to_python,
            choices=[("", _("– none –")), *claims],
        )
        self.order_fields(["ground", "claim_id", "text"])

    def refuse(self, reason: str) -> None:
        """Say beside the field why it was not opened."""
        words: dict[str, tuple[str | None, Any]] = {
            "no_breach": (
                "claim_id",
                _("This ground needs your claim of breach that was accepted or left unanswered and not cured in time."),
            ),
            "no_reason": ("text", _("Give the reasons in words that the other party can answer.")),
            "open_already": (None, _("A termination runs already. Go on with that one.")),
            "not_a_party": (None, _("Only people of Party A or Party B can do this.")),
        }
        self.add_error(*words[reason])


class MoveForm(forms.Form):
    """A step, in words, with a paper where there is one."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    step = forms.ChoiceField(label=_("What you do"))
    item = forms.ChoiceField(label=_("Item of the checklist"), required=False)
    text = forms.CharField(label=_("In your words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    paper = EnclosureField(
        required=False, label=_("Paper to add"), help_text=_("Optional: PDF, PNG or JPEG, at most 8 MB.")
    )

    def __init__(
        self,
        data: Any,
        files: Any,
        *,
        steps: Sequence[tuple[str, str]],
        items: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["step"] = forms.ChoiceField(label=_("What you do"), choices=list(steps))
        if items:
            self.fields["item"] = forms.ChoiceField(
                label=_("Item of the checklist"),
                required=False,
                choices=[("", "–"), *items],
                help_text=_("Only for confirming an item."),
            )
        else:
            del self.fields["item"]
        self.order_fields(["step", "item", "text", "paper"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("step") == "tick" and not said.get("item"):
            self.add_error("item" if "item" in self.fields else None, _("Choose which item you confirm."))
        return said
