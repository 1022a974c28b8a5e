"""Take answers that programs bring, by the same action as the answer page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouyue.surveys.questionnaires.public import AnswerRefusedError, Question, questions_of
from shouyue.surveys.sheets.actions.answering import (
    AnswersMissingError,
    Arrival,
    SheetUnknownError,
    WaveAnonymousError,
    answers_on,
    answers_with,
    take_answers,
)
from shouyue.surveys.sheets.queries import sheets_by_pseudonym
from shouyue.surveys.sheets.refusals import needed, why
from shouyue.surveys.sheets.rules.values import Value, told_by
from shouyue.surveys.waves.public import Sheet, WavePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSheet:
    """What a program says of one customer, named by invitation or by pseudonym. sends: they shall count now."""

    invitation_id: UUID | None
    pseudonym: str | None
    values: Mapping[str, Value]
    sends: bool
    channel: str


class ToldOutcome(NamedTuple):
    """outcome: created (counted now), updated (kept), unchanged (counted before with the same answers)."""

    outcome: str
    id: UUID
    customer_id: UUID
    sent_at: datetime | None


class TellingError(Exception):
    """Not taken. code: not_drawn, wave_over, differs, or why an answer does not fit; fields: of what was told."""

    def __init__(self, code: str, sentence: str | Promise, *fields: str) -> None:
        super().__init__(code)
        self.code, self.sentence, self.fields = code, sentence, fields


@transaction.atomic
def tell_answers(
    plan: WavePlan, told: Sequence[ToldSheet], *, at: datetime, by: str
) -> list[ToldOutcome | TellingError]:
    """Keep or count the answers of many; an outcome for each, in their order. Told again they are found unchanged."""
    if plan.wave.is_anonymous:
        return [_refusal(WaveAnonymousError()) for _one in told]
    names = sheets_by_pseudonym(plan, {one.pseudonym for one in told if one.pseudonym})
    arrivals = [_arrival(plan, one, names) for one in told]
    taken = take_answers(arrivals, at=at, by=by)
    counted: set[UUID] = set()
    outcomes: list[ToldOutcome | TellingError] = []
    questions = questions_of(plan.wave.questionnaire)
    for one, found in zip(told, taken, strict=True):
        if not isinstance(found, Sheet):
            outcomes.append(_refusal(found))
            continue
        is_new = found.sent_at == at and found.id not in counted
        if found.sent_at is not None and not is_new and _differs(found, questions, one.values):
            outcomes.append(TellingError("differs", _DIFFERS, "answers"))
            continue
        counted |= {found.id} if found.sent_at is not None else set()
        word = "updated" if found.sent_at is None else ("created" if is_new else "unchanged")
        outcomes.append(ToldOutcome(word, found.id, found.customer_id, found.sent_at))
    return outcomes


_NOT_DRAWN = _("Nobody of this name was drawn in this wave.")
_OVER = _("The wave is closed. No more answers are taken.")
_ANONYMOUS = _("Only customers themselves answer here, by their personal link.")
_DIFFERS = _("Other answers of this customer were counted already. What counted first stays.")


def _arrival(plan: WavePlan, one: ToldSheet, names: Mapping[str, UUID]) -> Arrival:
    sheet = one.invitation_id or names.get(one.pseudonym or "")
    return Arrival(
        # No sheet has the empty token.
        token=plan.token_of(sheet) if sheet else "",
        read=lambda questions: told_by(questions, one.values),
        sends=one.sends,
        channel=one.channel,
    )


def _differs(sheet: Sheet, questions: Sequence[Question], values: Mapping[str, Value]) -> bool:
    on_it = answers_on(sheet)
    try:
        said = answers_with({}, questions, told_by(questions, values))
    except AnswerRefusedError:
        return True
    return any(on_it.get(code) != answer for code, answer in said.items())


def _refusal(refused: Exception) -> TellingError:
    match refused:
        case SheetUnknownError():
            return TellingError("not_drawn", _NOT_DRAWN, "invitation")
        case AnswersMissingError(codes=codes):
            return TellingError("missing", needed(), *(f"answers.{code}" for code in codes))
        case WaveAnonymousError():
            return TellingError("anonymous", _ANONYMOUS, "answers")
        case AnswerRefusedError(code=code, reason=reason):
            return TellingError(reason, why(reason), f"answers.{code}")
    return TellingError("wave_over", _OVER, "answers")
