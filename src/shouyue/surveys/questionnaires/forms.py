"""Input of the questionnaire builder."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.surveys.questionnaires.public import Question

KINDS = (
    ("satisfaction", _("satisfaction, 1 to 5")),
    ("nps", _("recommendation, 0 to 10")),
    ("ces", _("ease, 1 to 7")),
    ("single", _("one choice")),
    ("multi", _("several choices")),
    ("matrix", _("several things marked 1 to 5")),
    ("ranking", _("order of choices")),
    ("text", _("own words")),
    ("number", _("number")),
    ("date", _("day")),
    ("file", _("file or picture")),
)
_WITH_CHOICES = {"single", "multi", "matrix", "ranking"}


class NewForm(forms.Form):
    """A new questionnaire."""

    code = forms.SlugField(label=_("Short name"), max_length=40, help_text=_("Letters and digits; it never changes."))
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=120)


class WordsForm(forms.Form):
    """What stands around the questions."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    intro_zh = forms.CharField(label=_("Greeting in Chinese"), max_length=500, required=False)
    intro_en = forms.CharField(label=_("Greeting in English"), max_length=500, required=False)
    thanks_zh = forms.CharField(label=_("Thanks in Chinese"), max_length=500, required=False)
    thanks_en = forms.CharField(label=_("Thanks in English"), max_length=500, required=False)
    is_stepped = forms.BooleanField(label=_("One question a screen"), required=False)


class QuestionForm(forms.Form):
    """One question. Choices come one a line: code | Chinese | English."""

    code = forms.SlugField(label=_("Short name"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    zh = forms.CharField(
        label=_("Question in Chinese"),
        max_length=300,
        help_text=_("{short name} in braces stands for the answer to an earlier question."),
    )
    en = forms.CharField(label=_("Question in English"), max_length=300)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: short name | Chinese | English"),
    )
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)
    after = forms.ChoiceField(label=_("Only after"), required=False)
    least = forms.IntegerField(label=_("with a mark from"), required=False, min_value=0, max_value=10)
    most = forms.IntegerField(label=_("to"), required=False, min_value=0, max_value=10)
    among = forms.CharField(
        label=_("or with one of these choices"), required=False, help_text=_("Short names with spaces between.")
    )

    def __init__(self, *args: Any, earlier: Sequence[Question], language: str, **more: Any) -> None:
        super().__init__(*args, **more)
        names = [(one.code, one.zh if language.startswith("zh") else one.en) for one in earlier]
        self.fields["after"].choices = [("", _("always asked")), *names]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_choices(self) -> list[dict[str, str]]:
        found = []
        for line in filter(str.strip, self.cleaned_data["choices"].splitlines()):
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 3 or not all(parts):
                raise forms.ValidationError(_("Write each choice as: short name | Chinese | English"))
            found.append({"code": parts[0], "zh": parts[1], "en": parts[2]})
        return found

    def row(self) -> dict[str, Any]:
        """The question as it is kept; call after is_valid."""
        told = self.cleaned_data
        return {
            "code": told["code"],
            "kind": told["kind"],
            "zh": told["zh"],
            "en": told["en"],
            "choices": told["choices"] if told["kind"] in _WITH_CHOICES else [],
            "is_required": told["is_required"],
            "after": told["after"],
            "least": told["least"] or 0,
            "most": told["most"] or 0,
            "among": told["among"].split(),
        }

    @staticmethod
    def told(one: Question) -> dict[str, Any]:
        """What the form begins with for a kept question."""
        return {
            "code": one.code,
            "kind": one.kind,
            "zh": one.zh,
            "en": one.en,
            "choices": "\n".join(f"{choice.code} | {choice.zh} | {choice.en}" for choice in one.choices),
            "is_required": one.is_required,
            "after": one.after,
            "least": one.least,
            "most": one.most,
            "among": " ".join(one.among),
        }
