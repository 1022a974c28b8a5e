"""Make questionnaires, change their drafts, publish versions."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from shouyue.surveys.questionnaires.models import Picture, Questionnaire
from shouyue.surveys.questionnaires.rules.questions import UnaskableError, read
from shouyue.surveys.questionnaires.rules.scoring import is_countable
from shouyue.surveys.questionnaires.rules.templates import TEMPLATES

_COPIED = ("title_zh", "title_en", "scale_max", "questions", "is_stepped", "measure")
_WORDS = ("intro_zh", "intro_en", "thanks_zh", "thanks_en")


class CodeTakenError(Exception):
    """Another questionnaire has this code."""


class NoDraftError(Exception):
    """There is no draft: it was published meanwhile."""


def ensure_questionnaire(*, code: str, title_zh: str, title_en: str, scale_max: int = 5) -> Questionnaire:
    """The first version of a questionnaire, made unless it is there."""
    names = {"title_zh": title_zh, "title_en": title_en, "scale_max": scale_max}
    found, _made = Questionnaire.objects.get_or_create(code=code, version=1, defaults=names)
    return found


@transaction.atomic
def ensure_template(code: str) -> Questionnaire:
    """The newest published version of a questionnaire; of a shipped one that nobody changed, as it ships now.

    Raises KeyError for an unknown code.
    """
    newest = Questionnaire.objects.filter(code=code, is_draft=False).order_by("-version").first()
    template = TEMPLATES.get(code)
    if newest is not None and (template is None or not newest.is_shipped or newest.questions == template.rows()):
        return newest
    if template is None:
        raise KeyError(code)
    return Questionnaire.objects.get_or_create(
        code=code,
        version=_next_version(code),
        defaults={
            "title_zh": template.title_zh,
            "title_en": template.title_en,
            "questions": template.rows(),
            "measure": template.measure,
            "is_stepped": template.is_stepped,
            "is_shipped": True,
        },
    )[0]


@transaction.atomic
def start_questionnaire(*, code: str, title_zh: str, title_en: str) -> Questionnaire:
    """The draft of a new questionnaire, without questions. Raises CodeTakenError."""
    if code in TEMPLATES or Questionnaire.objects.filter(code=code).exists():
        raise CodeTakenError(code)
    return Questionnaire.objects.create(
        code=code, version=1, title_zh=title_zh, title_en=title_en, measure="", is_draft=True
    )


@transaction.atomic
def start_draft(code: str) -> Questionnaire:
    """The draft of the next version: a copy of the newest one. A draft that is there is returned as it is."""
    draft = Questionnaire.objects.filter(code=code, is_draft=True).first()
    if draft is not None:
        return draft
    newest = ensure_template(code)
    return Questionnaire.objects.create(
        code=code,
        version=_next_version(code),
        is_draft=True,
        **{name: getattr(newest, name) for name in (*_COPIED, *_WORDS)},
    )


@transaction.atomic
def keep_question(code: str, question: Mapping[str, Any], *, instead_of: str = "") -> None:
    """Put a question at the end of the draft, or in the place of another one.

    Raises NoDraftError, and UnaskableError for a question that cannot be asked there; then nothing is written.
    """
    draft = _draft(code)
    places = [row["code"] for row in draft.questions]
    if instead_of in places:
        rows = [question if row["code"] == instead_of else row for row in draft.questions]
    else:
        rows = [*draft.questions, question]
    _write(draft, rows)


@transaction.atomic
def keep_picture(code: str, question: str, choice: str, *, kind: str, content: bytes) -> None:
    """Give a choice of an image question of the draft its picture. The same bytes are kept once.

    Raises NoDraftError where no such draft, question or choice is there.
    """
    draft = _draft(code)
    rows = [{**row, "choices": [dict(one) for one in row.get("choices", ())]} for row in draft.questions]
    found = [
        one
        for row in rows
        if row["code"] == question and row["kind"] == "image"
        for one in row["choices"]
        if one["code"] == choice
    ]
    if not found:
        raise NoDraftError
    mark = hashlib.sha256(content).hexdigest()
    Picture.objects.get_or_create(print=mark, defaults={"kind": kind, "content": content})
    found[0]["picture"] = mark
    _write(draft, rows)


@transaction.atomic
def move_question(code: str, question: str, step: int) -> None:
    """One place up (-1) or down (1). Raises NoDraftError, and UnaskableError where one waits for the other."""
    draft = _draft(code)
    rows = list(draft.questions)
    place = next((at for at, row in enumerate(rows) if row["code"] == question), None)
    if place is None or not 0 <= place + step < len(rows):
        return
    rows[place], rows[place + step] = rows[place + step], rows[place]
    _write(draft, rows)


@transaction.atomic
def drop_question(code: str, question: str) -> None:
    """Take a question out of the draft. Raises NoDraftError, and UnaskableError where another one waits for it."""
    draft = _draft(code)
    _write(draft, [row for row in draft.questions if row["code"] != question])


@transaction.atomic
def keep_words(code: str, words: Mapping[str, Any]) -> None:
    """Titles, greeting, thanks and the way of showing of the draft. Raises NoDraftError."""
    draft = _draft(code)
    for name in ("title_zh", "title_en", *_WORDS, "is_stepped"):
        setattr(draft, name, words[name])
    draft.save()


@transaction.atomic
def publish(code: str) -> Questionnaire:
    """Freeze the draft: waves ask it from now on, and it never changes again. Raises NoDraftError."""
    draft = _draft(code)
    if not draft.questions:
        raise NoDraftError
    draft.is_draft = False
    draft.save(update_fields=["is_draft"])
    return draft


def _draft(code: str) -> Questionnaire:
    found = Questionnaire.objects.select_for_update().filter(code=code, is_draft=True).first()
    if found is None:
        raise NoDraftError
    return found


def _write(draft: Questionnaire, rows: Sequence[Mapping[str, Any]]) -> None:
    questions = read(rows)
    if not is_countable(draft.measure, questions):
        raise UnaskableError(draft.code, "counted")
    draft.questions = list(rows)
    draft.save(update_fields=["questions"])


def _next_version(code: str) -> int:
    newest = Questionnaire.objects.filter(code=code).order_by("-version").values_list("version", flat=True).first()
    return (newest or 0) + 1
