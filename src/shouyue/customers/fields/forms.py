"""Input of the screens of declared fields."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.customers.fields.models import CustomField, FieldKind
from shouyue.customers.fields.rules.values import (
    BOOLEAN,
    CHOICE,
    DATE,
    MULTI,
    NO,
    NUMBER,
    TAG_MAX,
    TAGS,
    TEXT_MAX,
    YES,
    ValueRefusedError,
    clean,
)
from shouyue.store.personal import DataClass
from shouyue.web.inputs import DayInput

REFUSALS: Final[dict[str, Any]] = {
    "required": _("This field must not be empty."),
    "number": _("Write a number, such as 1280 or -3.5."),
    "day": _("Write a day that exists, such as 2026-03-01."),
    "choice": _("Choose one of the list."),
    "too_long": _("This is too long. A text has at most %(text)s characters, a tag %(tag)s.")
    % {"text": TEXT_MAX, "tag": TAG_MAX},
    "too_many": _("There are too many tags. Remove some."),
    "choices": _("Write one choice on each line, each of them once."),
    "in_use": _("A choice that you left out is in use. Change it on the customers first."),
}
_CLASSES = [("", _("no: it says nothing of a person")), *((one.value, one.label) for one in DataClass)]


class FieldForm(forms.Form):
    """How a field is declared."""

    title_zh = forms.CharField(label=_("Chinese name"), max_length=40)
    title_en = forms.CharField(label=_("English name"), max_length=40)
    kind = forms.ChoiceField(label=_("What it takes"), choices=FieldKind.choices)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=4_000,
        help_text=_("For lists: one on each line, Chinese and English apart by |, such as 钻石 | Diamond."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    data_class = forms.ChoiceField(
        label=_("Is it personal data?"),
        required=False,
        choices=_CLASSES,
        help_text=_("Personal values are encrypted and shown masked; lists are not filtered by them."),
    )
    is_required = forms.BooleanField(label=_("It must not be empty once it is edited"), required=False)

    def clean_choices(self) -> list[tuple[str, str]]:
        """(Chinese, English) of each line; the Chinese name for both where there is no |."""
        lines = [line.strip() for line in str(self.cleaned_data["choices"]).splitlines() if line.strip()]
        parts = [[part.strip() for part in line.split("|", 1)] for line in lines]
        return [(one[0][:40], (one[-1] or one[0])[:40]) for one in parts]


class ChangedFieldForm(FieldForm):
    """What can be changed of a field later: not its kind and its class of data."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["kind"], self.fields["data_class"]


def choices_text(field: CustomField) -> str:
    """The choices as the form takes them."""
    return "\n".join(f"{zh} | {en}" for _key, zh, en in field.choices)


class ValueForm(forms.Form):
    """The new value of one field. seen: key of the value that the editor saw."""

    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, field: CustomField, **options: Any) -> None:
        super().__init__(*args, **options)
        self.field = field
        self.fields["value"] = _input(field)

    def clean(self) -> dict[str, Any]:
        """With `kept`: the value as the field keeps it."""
        said = self.cleaned_data.get("value")
        try:
            self.cleaned_data["kept"] = clean(self.field.schema, said if isinstance(said, list) else [said or ""])
        except ValueRefusedError as refused:
            self.errors.setdefault("value", self.error_class([REFUSALS[refused.reason]]))
        return self.cleaned_data


def _input(field: CustomField) -> forms.Field:
    own: dict[str, Any] = {"label": field.title, "required": False}
    if field.kind == MULTI:
        return forms.MultipleChoiceField(choices=field.choice_titles(), widget=forms.CheckboxSelectMultiple, **own)
    if field.kind == CHOICE:
        return forms.ChoiceField(choices=[("", "–"), *field.choice_titles()], **own)
    if field.kind == BOOLEAN:
        return forms.ChoiceField(choices=[("", "–"), (YES, _("yes")), (NO, _("no"))], **own)
    attributes = {"autocomplete": "off"}
    if field.kind == DATE:
        return forms.CharField(widget=DayInput(attributes), **own)
    if field.kind == NUMBER:
        attributes["inputmode"] = "decimal"
    text = forms.CharField(max_length=1_000, widget=forms.TextInput(attrs=attributes), **own)
    if field.kind == TAGS:
        text.help_text = _("Several apart by commas.")
    return text
