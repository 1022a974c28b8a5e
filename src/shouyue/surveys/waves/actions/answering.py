"""Answers on the page: each is kept as it is given, and the sheet counts once it is sent."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouyue.kernel.clock import day_in
from shouyue.kernel.ids import new_id
from shouyue.store import facts
from shouyue.store.sealed_fields import seal, unseal
from shouyue.surveys.answers.public import AnswerRow, record_in_wave
from shouyue.surveys.questionnaires.public import (
    Answer,
    AnswerRefusedError,
    Question,
    answer_of,
    asked,
    counted_mark,
    is_detractor,
    missing,
    questions_of,
)
from shouyue.surveys.waves.facts import DetractorHeard, SurveyAnswered
from shouyue.surveys.waves.models import Sheet, SheetFile, WavePlan
from shouyue.surveys.waves.rules.files import kind_of
from shouyue.surveys.waves.rules.tokens import token_hash

Told = Mapping[str, Sequence[str]]
_BY = "customer"


class SheetUnknownError(Exception):
    """No sheet has this token."""


class WaveOverError(Exception):
    """The wave was closed; nothing is taken any more."""


class AnswersMissingError(Exception):
    """The sheet cannot be sent yet. codes: questions that must be answered."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it came."""

    name: str
    content: bytes


def sheet_of(token: str) -> Sheet:
    """The sheet of a personal link, with its wave and questionnaire. Raises SheetUnknownError."""
    found = Sheet.objects.select_related("wave__questionnaire", "wave__plan").filter(token_hash=token_hash(token))
    sheet = found.first()
    if sheet is None:
        raise SheetUnknownError
    return sheet


def answers_on(sheet: Sheet) -> dict[str, Answer]:
    """Everything said so far, by question; the words are opened for whoever holds the link."""
    unseal([sheet], ["words"])
    words = sheet.words.plain if sheet.words is not None else None
    return {**sheet.marks, **(words if isinstance(words, dict) else {})}


@transaction.atomic
def keep_answers(token: str, told: Told, *, at: datetime) -> Sheet:
    """Keep what was told of some questions; an empty answer takes an earlier one back. What was sent stays as it is.

    Raises SheetUnknownError, WaveOverError, and AnswerRefusedError for an answer that does not fit.
    """
    sheet = _open_sheet(token)
    if sheet.sent_at is None:
        _keep(sheet, told, at)
    return sheet


@transaction.atomic
def send_answers(token: str, told: Told, *, at: datetime, channel: str = "link", by: str = _BY) -> Sheet:
    """Keep what was told and count the sheet: once, whatever happens on the way. channel: how it was filled in.

    Raises AnswersMissingError, and what keep_answers raises.
    """
    sheet = _open_sheet(token)
    if sheet.sent_at is not None:
        return sheet
    _keep(sheet, told, at)
    questions = questions_of(sheet.wave.questionnaire)
    answers = answers_on(sheet)
    if codes := missing(questions, answers):
        raise AnswersMissingError(codes)
    row = AnswerRow(
        customer_id=sheet.customer_id,
        id=sheet.id,
        asked_on=day_in(sheet.wave.zone, WavePlan.objects.only("opened_at").get(wave=sheet.wave).opened_at),
        score=counted_mark(sheet.wave.questionnaire.measure, questions, answers),
        answered_at=at,
        order_id=None,
    )
    record_in_wave([row], wave=sheet.wave, at=at, by=by)
    sheet.sent_at, sheet.channel = at, channel
    sheet.save(update_fields=["sent_at", "channel"])
    done = SurveyAnswered(subject=sheet.customer_id, wave_id=sheet.wave_id, answer_id=sheet.id)
    facts.announce(done, at=at, by=by)
    if is_detractor(questions, answers):
        heard = DetractorHeard(subject=sheet.customer_id, wave_id=sheet.wave_id, answer_id=sheet.id)
        facts.announce(heard, at=at, by=by)
    return sheet


@transaction.atomic
def keep_file(token: str, code: str, given: GivenFile, *, at: datetime) -> Sheet:
    """Keep the file of a question, sealed; a second one takes the first one's place.

    Raises SheetUnknownError, WaveOverError, and AnswerRefusedError: large, not_picture, unknown_choice (no such one).
    """
    sheet = _open_sheet(token)
    if sheet.sent_at is not None:
        return sheet
    question = next((one for one in questions_of(sheet.wave.questionnaire) if one.code == code), None)
    if question is None or question.kind != "file":
        raise AnswerRefusedError(code, "unknown_choice")
    kind = kind_of(code, given.content)
    SheetFile.objects.filter(customer_id=sheet.customer_id, sheet_id=sheet.id, question=code).delete()
    content = {"name": given.name[:120], "kind": kind, "data": b64encode(given.content).decode()}
    row = SheetFile(
        customer_id=sheet.customer_id, id=new_id(), sheet_id=sheet.id, question=code, content=content, kept_at=at
    )
    seal([row], at=at)
    row.save(force_insert=True)
    _write(sheet, questions_of(sheet.wave.questionnaire), {**answers_on(sheet), code: str(row.id)}, at)
    return sheet


def file_of(row: SheetFile) -> GivenFile:
    """The file itself, for who may see it."""
    unseal([row], ["content"])
    found = row.content.plain if row.content is not None else None
    if not isinstance(found, dict):
        raise SheetUnknownError
    return GivenFile(str(found["name"]), b64decode(found["data"]))


def _open_sheet(token: str) -> Sheet:
    """Locked. Raises SheetUnknownError, and WaveOverError where it was not sent before the wave closed."""
    locked = Sheet.objects.select_for_update(of=("self",)).select_related("wave__questionnaire")
    sheet = locked.filter(token_hash=token_hash(token)).first()
    if sheet is None:
        raise SheetUnknownError
    if sheet.sent_at is None and not sheet.wave.is_open:
        raise WaveOverError
    return sheet


def _keep(sheet: Sheet, told: Told, at: datetime) -> None:
    questions = questions_of(sheet.wave.questionnaire)
    answers = answers_on(sheet)
    for one in questions:
        # Files come by themselves: a form only says that one is there.
        if one.code in told and one.kind != "file":
            said = answer_of(one, told[one.code])
            answers.pop(one.code, None)
            if said is not None:
                answers[one.code] = said
    _write(sheet, asked(questions, answers), answers, at)


def _write(sheet: Sheet, questions: Sequence[Question], answers: Mapping[str, Answer], at: datetime) -> None:
    """Answers to questions that are no longer asked fall away."""
    said = {one.code: answers[one.code] for one in questions if one.code in answers}
    free = {one.code for one in questions if one.kind == "text"}
    sheet.marks = {code: value for code, value in said.items() if code not in free}
    words = {code: value for code, value in said.items() if code in free}
    sheet.words = words or None
    if words:
        seal([sheet], at=at)
    sheet.saved_at = at
    sheet.save(update_fields=["marks", "words", "saved_at"])
