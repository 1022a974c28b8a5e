"""Answers for programs."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from shouyue.rest.paging import Paged, PageOf, page_of
from shouyue.rest.routes import call
from shouyue.surveys.answers.models import Response

router = Router()


class AnswerOut(Schema):
    id: UUID
    customer_id: UUID
    score: int = Field(description=_("From 1 to scale_max."))
    scale_max: int
    asked_on: date = Field(description=_("The day the question was sent; it decides the quarter."))
    answered_at: datetime
    purchase_id: UUID | None = Field(description=_("The purchase it is about, of the same customer."))
    questionnaire: str
    questionnaire_version: int
    quarter: str
    source: str
    wave_kind: str = Field(description=_("drawn: a drawn sample; census: everybody was asked; as_found: neither."))


class AnswerFilter(Schema):
    customer_id: UUID | None = Field(None, description=_("Only of this customer."))


@router.get(
    "/answers",
    response=Paged[AnswerOut],
    **call("answers:read", _("List answers"), _("Answers to questionnaires by customer, page by page.")),
)
def list_answers(request: HttpRequest, cut: PageOf, wanted: Query[AnswerFilter]) -> Paged[AnswerOut]:  # noqa: ARG001 ninja finds the request by this name
    rows = _rows().filter(customer_id=wanted.customer_id) if wanted.customer_id else _rows()
    found, next_cursor = page_of(rows, order=(("customer_id", UUID), ("id", UUID)), cut=cut)
    return Paged[AnswerOut](data=[_out(row) for row in found], next_cursor=next_cursor)


@router.get(
    "/customers/{customer_id}/answers/{answer_id}", response=AnswerOut, **call("answers:read", _("Read an answer"))
)
def read_answer(request: HttpRequest, customer_id: UUID, answer_id: UUID) -> AnswerOut:  # noqa: ARG001 ninja finds the request by this name
    found = _rows().filter(customer_id=customer_id, id=answer_id).first()
    if found is None:
        raise Http404
    return _out(found)


def _rows() -> QuerySet[Response]:
    return Response.objects.select_related("wave__questionnaire")


def _out(row: Response) -> AnswerOut:
    wave = row.wave
    return AnswerOut(
        id=row.id,
        customer_id=row.customer_id,
        score=row.score,
        scale_max=wave.questionnaire.scale_max,
        asked_on=row.asked_on,
        answered_at=row.answered_at,
        purchase_id=row.order_id,
        questionnaire=wave.questionnaire.code,
        questionnaire_version=wave.questionnaire.version,
        quarter=wave.period,
        source=wave.source,
        wave_kind=wave.kind,
    )
