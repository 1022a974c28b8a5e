"""Input of the questionnaire builder."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.surveys.questionnaires.public import Question
from shouyue.surveys.questionnaires.rules.pictures import PICTURE_BYTES_MAX, PictureRefusedError, stripped
from shouyue.web.choices import offer_choices

KINDS = (
    ("satisfaction", _("satisfaction, 1 to 5")),
    ("nps", _("recommendation, 0 to 10")),
    ("ces", _("ease, 1 to 7")),
    ("single", _("one choice")),
    ("multi", _("several choices")),
    ("image", _("one of several pictures")),
    ("matrix", _("several things marked 1 to 5")),
    ("ranking", _("order of choices")),
    ("text", _("own words")),
    ("number", _("number")),
    ("date", _("day")),
    ("file", _("file or picture")),
)
_REFUSED = {
    "large": _("The picture is larger than 200 KB, and customers load it on the road. Save it smaller and try again."),
    "not_picture": _("This is neither a PNG nor a JPEG picture. Save it as one of them and try again."),
    "broken": _("The picture is cut off or damaged. Open it, save it again and try once more."),
    "wide": _("The picture has more than 2,000 points on a side. Scale it down and try again."),
}
_WITH_CHOICES = {"single", "multi", "image", "matrix", "ranking"}


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

    def __init__(
        self, *args: Any, earlier: Sequence[Question], language: str, changed: Question | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        # Words of a choice change, its picture stays.
        self.pictures = {one.code: one.picture for one in changed.choices if one.picture} if changed else {}
        names = [(one.code, one.zh if language.startswith("zh") else one.en) for one in earlier]
        offer_choices(self, "after", [("", _("always asked")), *names])

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
        choices = told["choices"] if told["kind"] in _WITH_CHOICES else []
        if told["kind"] == "image":
            choices = [{**one, "picture": self.pictures.get(one["code"], "")} for one in choices]
        return {
            "code": told["code"],
            "kind": told["kind"],
            "zh": told["zh"],
            "en": told["en"],
            "choices": choices,
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


class PictureForm(forms.Form):
    """The picture of one choice."""

    choice = forms.CharField(widget=forms.HiddenInput, max_length=40)
    file = forms.FileField(
        label=_("Picture"),
        max_length=120,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=_("PNG or JPEG, at most 200 KB and 2,000 points a side. Place, time and camera are taken out of it."),
    )

    def clean_file(self) -> tuple[str, bytes]:
        """The kind of media and the picture without metadata."""
        given = self.cleaned_data["file"]
        if given.size > PICTURE_BYTES_MAX:
            raise forms.ValidationError(str(_REFUSED["large"]))
        try:
            return stripped(given.read())
        except PictureRefusedError as refused:
            raise forms.ValidationError(str(_REFUSED[refused.reason])) from None
