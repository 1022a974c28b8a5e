"""Answers on the page: each is kept as it is given, and the sheet counts once it is sent."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

import orjson
from django.db import connection, transaction

from shouyue.kernel.clock import day_start
from shouyue.kernel.ids import new_id
from shouyue.store.copying import bytea_array, text_array, uuid_array
from shouyue.store.facts import FactBase
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealed_fields import seal, sealed_fields, unseal
from shouyue.surveys.answers.public import AnswerRow, BoxedAnswer, put_in_box, record_in_wave
from shouyue.surveys.questionnaires.public import (
    Answer,
    AnswerRefusedError,
    Question,
    answer_of,
    asked,
    counted_mark,
    is_detractor,
    missing,
)
from shouyue.surveys.sheets.facts import DetractorHeard, SurveyAnswered
from shouyue.surveys.sheets.rules.files import kind_of
from shouyue.surveys.waves.public import Sheet, SheetFile, content_of

if TYPE_CHECKING:
    from shouyue.surveys.waves.queries.contents import WaveContent

Told: TypeAlias = Mapping[str, Sequence[str]]
CUSTOMER = "customer"


class SheetUnknownError(Exception):
    """No sheet has this token."""


class WaveOverError(Exception):
    """The wave was closed; nothing is taken any more."""


class AnswersMissingError(Exception):
    """The sheet cannot be sent yet. codes: questions that must be answered."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class WaveAnonymousError(Exception):
    """Only whoever holds the personal link answers in an anonymous wave: nobody may write for somebody they know."""


Refusal: TypeAlias = SheetUnknownError | WaveOverError | AnswersMissingError | AnswerRefusedError | WaveAnonymousError


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Something told on the sheet of a personal link. read: what it says, once the questions are known.

    sends: the sheet shall count now. keeps_anyhow: what fits is kept though the sheet cannot be sent yet.
    """

    token: str
    read: Callable[[Sequence[Question]], Told]
    sends: bool
    keeps_anyhow: bool = False
    channel: str = "link"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it came."""

    name: str
    content: bytes


# The lock on the wave makes its close wait for answers that are on their way, and these see whether it was closed.
_LOCK = """
SELECT sheet.customer_id, sheet.id, sheet.wave_id, sheet.token_hash, sheet.marks, sheet.words, sheet.channel,
    sheet.saved_at, sheet.sent_at, wave.is_open
FROM surveys_sheet sheet JOIN surveys_wave wave ON wave.id = sheet.wave_id
WHERE sheet.token_hash = ANY(%s::text[]) ORDER BY sheet.customer_id, sheet.id
FOR NO KEY UPDATE OF sheet FOR KEY SHARE OF wave
"""
_COLUMNS = ("customer_id", "id", "wave_id", "token_hash", "marks", "words", "channel", "saved_at", "sent_at")
[_WORDS] = sealed_fields(Sheet)
_KEEP = """
UPDATE surveys_sheet SET marks = told.marks::jsonb, words = told.words, channel = told.channel,
    saved_at = told.saved_at, sent_at = told.sent_at
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::bytea[], %s::text[], %s::timestamptz[], %s::timestamptz[])
    AS told (customer_id, id, marks, words, channel, saved_at, sent_at)
WHERE surveys_sheet.customer_id = told.customer_id AND surveys_sheet.id = told.id
"""


def sheet_of(token: str) -> Sheet:
    """The sheet of a personal link, with its wave and questionnaire. Raises SheetUnknownError."""
    found = Sheet.objects.select_related("wave__questionnaire", "wave__plan").defer("wave__plan__frame")
    sheet = found.filter(token_hash=Sheet.hash_of(token)).first()
    if sheet is None:
        raise SheetUnknownError
    return sheet


def answers_on(sheet: Sheet) -> dict[str, Answer]:
    """Everything said so far, by question; the words are opened for whoever holds the link."""
    unseal([sheet], ["words"])
    words = sheet.words.plain if sheet.words is not None else None
    return {**sheet.marks, **(words if isinstance(words, dict) else {})}


def answers_with(answers: dict[str, Answer], questions: Sequence[Question], told: Told) -> dict[str, Answer]:
    """What was said before with what is told now; answers to questions that are no longer asked fall away.

    Raises AnswerRefusedError.
    """
    for one in questions:
        # Files come by themselves: a form only says that one is there.
        if one.code in told and one.kind != "file":
            said = answer_of(one, told[one.code])
            answers.pop(one.code, None)
            if said is not None:
                answers[one.code] = said
    return {one.code: answers[one.code] for one in asked(questions, answers) if one.code in answers}


def keep_answers(token: str, told: Told, *, at: datetime) -> Sheet:
    """Keep what was told of some questions; an empty answer takes an earlier one back. What was sent stays as it is.

    Raises SheetUnknownError, WaveOverError, and AnswerRefusedError for an answer that does not fit.
    """
    return _one(Arrival(token=token, read=lambda _questions: told, sends=False), at=at, by=CUSTOMER)


def send_answers(token: str, told: Told, *, at: datetime, channel: str = "link", by: str = CUSTOMER) -> Sheet:
    """Keep what was told and count the sheet: once, whatever happens on the way. channel: how it was filled in.

    Raises AnswersMissingError, and what keep_answers raises.
    """
    return _one(Arrival(token=token, read=lambda _questions: told, sends=True, channel=channel), at=at, by=by)


@transaction.atomic
def take_answers(arrivals: Sequence[Arrival], *, at: datetime, by: str) -> list[Sheet | Refusal]:
    """Keep and count what many sheets were told, in one transaction; returns each one's sheet or why it was refused.

    A refused arrival leaves no trace and hinders no other. Several for one sheet are taken in their order.
    """
    hashes = [Sheet.hash_of(one.token) for one in arrivals]
    sheets = {sheet.token_hash: sheet for sheet in _locked(set(hashes))}
    keys = PersonKeys()
    unseal(sheets.values(), ["words"], keys=keys)
    batch = _Batch(at)
    outcomes: list[Sheet | Refusal] = []
    for hashed, arrival in zip(hashes, arrivals, strict=True):
        sheet = sheets.get(hashed)
        outcomes.append(SheetUnknownError() if sheet is None else _told(sheet, arrival, batch))
    _write(batch.sheets.values(), keys, at)
    sent = [one for one in batch.sheets.values() if one.sent_at is not None and one.wave_id not in batch.boxed]
    _count(sent, at=at, by=by)
    for wave_id, nameless in sorted(batch.boxed.items()):
        put_in_box(wave_id, nameless, at=at)
    return outcomes


@transaction.atomic
def keep_file(token: str, code: str, given: GivenFile, *, at: datetime) -> Sheet:
    """Keep the file of a question, sealed; a second one takes the first one's place.

    Raises SheetUnknownError, WaveOverError, and AnswerRefusedError: large, not_picture, unknown_choice (no such one).
    """
    sheet = next(iter(_locked([Sheet.hash_of(token)])), None)
    if sheet is None:
        raise SheetUnknownError
    if sheet.sent_at is not None:
        return sheet
    if not sheet.wave_is_open:
        raise WaveOverError
    content = content_of(sheet.wave_id)
    question = next((one for one in content.questions if one.code == code), None)
    if question is None or question.kind != "file":
        raise AnswerRefusedError(code, "unknown_choice")
    kind = kind_of(code, given.content)
    SheetFile.objects.filter(customer_id=sheet.customer_id, sheet_id=sheet.id, question=code).delete()
    packed = {"name": given.name[:120], "kind": kind, "data": b64encode(given.content).decode()}
    row = SheetFile(
        customer_id=sheet.customer_id, id=new_id(), sheet_id=sheet.id, question=code, content=packed, kept_at=at
    )
    seal([row], at=at)
    row.save(force_insert=True)
    _put(sheet, content, {**answers_on(sheet), code: str(row.id)}, at)
    _write([sheet], PersonKeys(), at)
    return sheet


def file_of(row: SheetFile) -> GivenFile:
    """The file itself, for who may see it."""
    unseal([row], ["content"])
    found = row.content.plain if row.content is not None else None
    if not isinstance(found, dict):
        raise SheetUnknownError
    return GivenFile(str(found["name"]), b64decode(found["data"]))


def _one(arrival: Arrival, *, at: datetime, by: str) -> Sheet:
    [outcome] = take_answers([arrival], at=at, by=by)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _locked(hashes: Collection[str]) -> list[Sheet]:
    """Those of these links that exist, held until the transaction ends, in the order of their customers."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [text_array(hashes)])
        return [_read(row) for row in cursor.fetchall()]


def _read(row: Sequence[Any]) -> Sheet:
    *columns, is_open = row
    values = dict(zip(_COLUMNS, columns, strict=True))
    values["marks"] = orjson.loads(values["marks"])
    values["words"] = _WORDS.from_db_value(values["words"], None, connection)
    sheet = Sheet(**values)
    sheet.wave_is_open = is_open
    return sheet


@dataclass(slots=True)
class _Batch:
    """What a batch will write. sheets: by id; boxed: answers of anonymous waves, which no sheet holds."""

    at: datetime
    sheets: dict[UUID, Sheet] = field(default_factory=dict)
    boxed: dict[UUID, list[BoxedAnswer]] = field(default_factory=dict)


def _told(sheet: Sheet, arrival: Arrival, batch: _Batch) -> Sheet | Refusal:
    """What an arrival makes of its sheet, in memory, and notes for the batch to write."""
    if sheet.sent_at is not None:
        return sheet
    content = content_of(sheet.wave_id)
    is_anonymous = content.wave.is_anonymous
    if not sheet.wave_is_open or (is_anonymous and arrival.channel != "link"):
        return WaveAnonymousError() if sheet.wave_is_open else WaveOverError()
    try:
        answers = answers_with(answers_on(sheet), content.questions, arrival.read(content.questions))
    except AnswerRefusedError as refused:
        return refused
    lacking = missing(content.questions, answers) if arrival.sends else []
    if lacking and (is_anonymous or not arrival.keeps_anyhow):
        return AnswersMissingError(lacking)
    if is_anonymous:
        # What is not sent stays on the phone: here it would lie beside the customer.
        if arrival.sends:
            batch.boxed.setdefault(sheet.wave_id, []).append(BoxedAnswer(*_parted(content, answers)))
            sheet.sent_at = day_start(content.wave.zone, batch.at)
            batch.sheets[sheet.id] = sheet
        return sheet
    _put(sheet, content, answers, batch.at)
    batch.sheets[sheet.id] = sheet
    if arrival.sends and not lacking:
        sheet.sent_at, sheet.channel = batch.at, arrival.channel
    return AnswersMissingError(lacking) if lacking else sheet


def _put(sheet: Sheet, content: "WaveContent", answers: Mapping[str, Answer], at: datetime) -> None:
    marks, words = _parted(content, answers)
    sheet.marks, sheet.words, sheet.saved_at = marks, words or None, at


def _parted(content: "WaveContent", answers: Mapping[str, Answer]) -> tuple[dict[str, Answer], dict[str, Answer]]:
    """Marks and chosen answers, and free words."""
    free = {one.code for one in content.questions if one.kind == "text"}
    marks = {code: value for code, value in answers.items() if code not in free}
    return marks, {code: value for code, value in answers.items() if code in free}


def _write(sheets: Collection[Sheet], keys: PersonKeys, at: datetime) -> None:
    """All sheets in one statement, their words sealed."""
    if not sheets:
        return
    seal(sheets, at=at, keys=keys)
    columns: list[Any] = [
        uuid_array(sheet.customer_id for sheet in sheets),
        uuid_array(sheet.id for sheet in sheets),
        text_array(orjson.dumps(sheet.marks).decode() for sheet in sheets),
        bytea_array(sheet.words.box if sheet.words else None for sheet in sheets),
        text_array(sheet.channel for sheet in sheets),
        [sheet.saved_at for sheet in sheets],
        [sheet.sent_at for sheet in sheets],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, columns)


def _count(sheets: Iterable[Sheet], *, at: datetime, by: str) -> None:
    """The answers of sheets that were sent now, and the news of them: two statements for each wave."""
    in_order = sorted(sheets, key=attrgetter("wave_id", "customer_id", "id"))
    for wave_id, of_wave in groupby(in_order, attrgetter("wave_id")):
        content, rows = content_of(wave_id), []
        news: list[FactBase] = []
        for sheet in of_wave:
            score = counted_mark(content.wave.questionnaire.measure, content.questions, sheet.marks)
            rows.append(AnswerRow(sheet.customer_id, sheet.id, content.asked_on, score, at, None))
            about = {"subject": sheet.customer_id, "wave_id": wave_id, "answer_id": sheet.id}
            news.append(SurveyAnswered(**about))
            if is_detractor(content.questions, sheet.marks):
                news.append(DetractorHeard(**about))
        record_in_wave(rows, wave=content.wave, at=at, by=by, also=news)
