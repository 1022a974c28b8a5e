"""Answers that programs bring: a call centre's, a till's, another survey tool's; for those who were drawn only."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from pydantic import Field, StrictInt, StringConstraints, model_validator

from shouyue.kernel import clock
from shouyue.rest.access import caller
from shouyue.rest.bulk import Bulk, lines_in_and_out
from shouyue.rest.idempotency import Made, once
from shouyue.rest.paging import Paged, PageOf, page_of
from shouyue.rest.problems import ProblemError
from shouyue.rest.routes import IdempotencyKey, call
from shouyue.surveys.questionnaires.public import Question, questions_of
from shouyue.surveys.sheets.actions.telling import TellingError, ToldSheet, tell_answers
from shouyue.surveys.sheets.queries import drawn_wave, open_waves, pseudonyms_of, sheets_of
from shouyue.surveys.waves.public import WavePlan

router = Router()

_Word = Annotated[str, StringConstraints(max_length=2000)]
_Code = Annotated[str, StringConstraints(max_length=40)]


class ChoiceOut(Schema):
    code: str
    zh: str
    en: str


class QuestionOut(Schema):
    code: str
    kind: str
    zh: str
    en: str
    choices: list[ChoiceOut] = Field(description=_("What can be chosen, or the rows of a matrix."))
    lowest: int | None = Field(description=_("The lowest mark of a scale."))
    highest: int | None = Field(description=_("The highest mark of a scale."))
    is_required: bool


class WaveOut(Schema):
    id: UUID
    questionnaire: str
    questionnaire_version: int
    quarter: str
    closes_on: date = Field(description=_("The last day for answers."))
    questions: list[QuestionOut]


class InvitationOut(Schema):
    id: UUID
    customer_id: UUID
    pseudonym: str = Field(description=_("The customer's name in the frozen frame of this wave."))
    answered: bool


class AnswersIn(Schema):
    invitation_id: UUID | None = Field(None, description=_("Whose answers these are; this or the pseudonym."))
    pseudonym: str | None = Field(
        None, pattern=r"^[0-9a-f]{32}$", description=_("The customer's name in the frozen frame of this wave.")
    )
    answers: dict[_Code, StrictInt | _Word | list[_Code] | dict[_Code, StrictInt] | None] = Field(
        min_length=1,
        max_length=40,
        description=_(
            "By question: a mark or number, a day or words, a choice, a list of choices, a ranking from its first "
            "place, marks by row of a matrix. Null takes an earlier answer back."
        ),
    )
    complete: bool = Field(True, description=_("Count the answers now; false keeps them until the rest comes."))
    channel: Literal["api", "interviewer"] = Field(
        "api", description=_("interviewer: somebody asked the customer and typed the answers in.")
    )

    @model_validator(mode="after")
    def says_whose(self) -> "AnswersIn":
        if (self.invitation_id is None) == (self.pseudonym is None):
            raise ValueError(gettext("Say either invitation_id or pseudonym."))
        return self


class AnswersDone(Schema):
    outcome: Literal["created", "updated", "unchanged"] = Field(
        description=_("created: counted now; updated: kept and not counted yet; unchanged: counted before.")
    )
    id: UUID = Field(description=_("The invitation's, and the answer's."))
    customer_id: UUID
    sent_at: datetime | None


@router.get(
    "/waves",
    response=list[WaveOut],
    **call("answers:read", _("List open waves"), _("Waves that take answers, with their questions, newest first.")),
)
def list_waves(request: HttpRequest) -> list[WaveOut]:  # noqa: ARG001 ninja finds the request by this name
    return [_wave_out(plan) for plan in open_waves()]


@router.get(
    "/waves/{wave_id}/invitations",
    response=Paged[InvitationOut],
    **call("answers:read", _("List who was drawn"), _("Invitations of a wave, page by page, with who has answered.")),
)
def list_invitations(request: HttpRequest, wave_id: UUID, cut: PageOf) -> Paged[InvitationOut]:  # noqa: ARG001 ninja finds the request by this name
    plan = _plan(wave_id)
    found, next_cursor = page_of(sheets_of(plan), order=(("customer_id", UUID), ("id", UUID)), cut=cut)
    names = pseudonyms_of(plan, [one.customer_id for one in found])
    rows = [
        InvitationOut(
            id=one.id,
            customer_id=one.customer_id,
            pseudonym=names[one.customer_id],
            answered=one.sent_at is not None,
        )
        for one in found
    ]
    return Paged[InvitationOut](data=rows, next_cursor=next_cursor)


@router.post(
    "/waves/{wave_id}/answers",
    response={201: AnswersDone, 200: AnswersDone},
    **call(
        "answers:write",
        _("Send a customer's answers"),
        _(
            "For a customer whom an open wave has drawn; they count once, as if given on the answer page. 201 when "
            "they were counted now. Where many come so, the scoreboard says it beside the figure."
        ),
    ),
)
def send(request: HttpRequest, wave_id: UUID, idempotency_key: IdempotencyKey, told: AnswersIn) -> HttpResponse:
    plan = _plan(wave_id)

    def act() -> Made:
        [outcome] = _tell(plan, [told], by=caller(request).actor)
        if outcome["outcome"] == "rejected":
            raise _problem(outcome["errors"])
        return Made(201 if outcome["outcome"] == "created" else 200, AnswersDone(**outcome))

    return once(request, idempotency_key, act)


@router.post(
    "/waves/{wave_id}/answers/bulk",
    **call(
        "answers:write",
        _("Send the answers of many customers"),
        _(
            "One customer's answers a line in (application/x-ndjson, each as for a single call), one outcome a line "
            "out: created, updated, unchanged, or rejected with its errors. Broken off, the same body under the same "
            "Idempotency-Key goes on where it ended. Up to 256 MiB."
        ),
        **lines_in_and_out(),
    ),
)
def send_many(request: HttpRequest, wave_id: UUID, idempotency_key: IdempotencyKey) -> StreamingHttpResponse:
    plan, by = _plan(wave_id), caller(request).actor
    return Bulk(AnswersIn, lambda lines: _tell(plan, lines, by=by)).answer(request, idempotency_key)


def _tell(plan: WavePlan, lines: Sequence[AnswersIn], *, by: str) -> list[dict[str, Any]]:
    told = [
        ToldSheet(
            invitation_id=one.invitation_id,
            pseudonym=one.pseudonym,
            values=one.answers,
            sends=one.complete,
            channel=one.channel,
        )
        for one in lines
    ]
    outcomes = tell_answers(plan, told, at=clock.now(), by=by)
    return [_refused(one) if isinstance(one, TellingError) else {**one._asdict()} for one in outcomes]


def _refused(why: TellingError) -> dict[str, Any]:
    errors = [{"field": field, "code": why.code, "message": str(why.sentence)} for field in why.fields]
    return {"outcome": "rejected", "errors": errors}


def _problem(errors: Sequence[dict[str, Any]]) -> ProblemError:
    kind = {"wave_over": "too-late", "differs": "answers-differ", "anonymous": "wave-anonymous"}.get(errors[0]["code"])
    if kind is not None:
        return ProblemError(kind, errors[0]["message"])
    return ProblemError("invalid", errors=[{**one, "field": f"body.{one['field']}"} for one in errors])


def _plan(wave_id: UUID) -> WavePlan:
    """Only of drawn waves: whoever was not drawn has nothing to answer."""
    found = drawn_wave(wave_id)
    if found is None:
        raise Http404
    return found


def _wave_out(plan: WavePlan) -> WaveOut:
    questionnaire = plan.wave.questionnaire
    return WaveOut(
        id=plan.wave_id,
        questionnaire=questionnaire.code,
        questionnaire_version=questionnaire.version,
        quarter=plan.wave.period,
        closes_on=plan.closes_on,
        questions=[_question_out(one) for one in questions_of(questionnaire)],
    )


def _question_out(one: Question) -> QuestionOut:
    return QuestionOut(
        code=one.code,
        kind=one.kind,
        zh=one.zh,
        en=one.en,
        choices=[ChoiceOut(code=choice.code, zh=choice.zh, en=choice.en) for choice in one.choices],
        lowest=one.marks[0] if one.marks else None,
        highest=one.marks[-1] if one.marks else None,
        is_required=one.is_required,
    )
