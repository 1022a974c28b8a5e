"""Confirmations and corrections for programs."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid5

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from pydantic import Field

from shouyue.customers.attesting.public import Origin
from shouyue.customers.people.public import known
from shouyue.customers.quality.actions.confirming import NothingToConfirmError, confirm_values
from shouyue.customers.quality.actions.correcting import request_correction
from shouyue.customers.quality.forms import REFUSALS
from shouyue.customers.quality.rules.corrections import CorrectionRefusedError
from shouyue.kernel import clock
from shouyue.rest.access import caller
from shouyue.rest.idempotency import Made, once
from shouyue.rest.problems import wrong_value
from shouyue.rest.routes import IdempotencyKey, call, line_of_text

router = Router()
FieldName = Literal["name", "phone", "email", "address", "birthday"]


class ConfirmationIn(Schema):
    fields: list[FieldName] = Field(min_length=1, description=_("What was found right as it is."))
    method: Literal["member", "document", "call", "delivered"] = Field(description=_("How it was verified."))
    evidence: Annotated[str, line_of_text(most=200)] = Field(
        "", description=_("A reference to the proof; never a name or number of a person.")
    )


class ConfirmationOut(Schema):
    customer_id: UUID
    fields: list[str]
    verified_at: datetime


class CorrectionIn(Schema):
    field: FieldName
    value: Annotated[str, line_of_text(least=1, most=300)] = Field(description=_("What the customer says is right."))


class CorrectionOut(Schema):
    id: UUID
    customer_id: UUID
    field: str
    state: str = Field(description=_("open until staff accept or refuse it."))
    asked_at: datetime


@router.post(
    "/customers/{customer_id}/confirmations",
    response={201: ConfirmationOut},
    **call("customers:write", _("Confirm values of a customer"), _("Attests them; changes nothing else.")),
)
def confirm(
    request: HttpRequest, customer_id: UUID, idempotency_key: IdempotencyKey, told: ConfirmationIn
) -> HttpResponse:
    _known_or_404(customer_id)

    def act() -> Made:
        at, actor = clock.now(), caller(request).actor
        key = uuid5(customer_id, f"{actor}:{idempotency_key}")
        origin = Origin(key=key, source="api", by=actor, method=told.method, verified_at=at, evidence=told.evidence)
        try:
            confirm_values({customer_id: told.fields}, origin=origin, at=at)
        except NothingToConfirmError as refused:
            message = translated("There is no value to confirm: %(fields)s.") % {"fields": ", ".join(refused.fields)}
            raise wrong_value("body.fields", message) from refused
        return Made(201, ConfirmationOut(customer_id=customer_id, fields=list(told.fields), verified_at=at))

    return once(request, idempotency_key, act)


@router.post(
    "/customers/{customer_id}/corrections",
    response={201: CorrectionOut},
    **call("customers:write", _("Ask for a correction"), _("Opens a dated request that staff accept or refuse.")),
)
def correct(
    request: HttpRequest, customer_id: UUID, idempotency_key: IdempotencyKey, told: CorrectionIn
) -> HttpResponse:
    _known_or_404(customer_id)

    def act() -> Made:
        at, actor = clock.now(), caller(request).actor
        key = uuid5(customer_id, f"{actor}:{idempotency_key}")
        try:
            asked = request_correction(customer_id, told.field, told.value, key=key, by=actor, at=at)
        except CorrectionRefusedError as refused:
            raise wrong_value("body.value", REFUSALS[refused.reason]) from refused
        out = CorrectionOut(
            id=asked.pk, customer_id=customer_id, field=asked.field, state=asked.state, asked_at=asked.asked_at
        )
        return Made(201, out)

    return once(request, idempotency_key, act)


def _known_or_404(customer_id: UUID) -> None:
    if not known([customer_id]):
        raise Http404
