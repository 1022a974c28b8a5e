"""New customers for programs: look up whether they are there, and create them."""

from typing import Annotated, Literal
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from pydantic import Field

from shouyue.customers.entering.actions import BY_PROGRAM_MAX, TooManyLookupsError, create_customer, look_up
from shouyue.customers.entering.queries import Candidate
from shouyue.customers.entering.rules.entry import FIELDS, EntryRefusedError, Place, entry
from shouyue.customers.entering.words import REFUSALS
from shouyue.customers.people.public import Known, known
from shouyue.kernel import clock
from shouyue.rest.access import caller
from shouyue.rest.idempotency import Made, once
from shouyue.rest.problems import ProblemError
from shouyue.rest.routes import IdempotencyKey, call, line_of_text

router = Router()
_SOURCE = "api"


class PersonIn(Schema):
    name: Annotated[str, line_of_text(most=80)] = ""
    title: Literal["", "mr", "ms"] = ""
    phone: Annotated[str, line_of_text(most=200)] = Field("", description=_("Several stand apart by a semicolon."))
    email: Annotated[str, line_of_text(most=200)] = ""
    birthday: Annotated[str, line_of_text(most=20)] = Field("", description=_("As 1990-05-17."))
    address: Annotated[str, line_of_text(most=300)] = ""


class NewCustomerIn(PersonIn):
    kind: Literal["person", "company", "unknown"] = "person"
    country: Annotated[str, line_of_text(most=60)] = ""
    region: Annotated[str, line_of_text(most=60)] = ""
    city: Annotated[str, line_of_text(most=80)] = ""
    create_anyway: bool = Field(False, description=_("Create also when somebody like this is there."))


class NewCustomerOut(Schema):
    id: UUID
    number: str


class AlikeOut(Schema):
    customer_id: UUID
    likeness: str = Field(description=_("likely, or possible: one contact alone agrees, as in a family."))
    agrees: list[str] = Field(description=_("Kinds of values that agree, never a value."))


class LookupOut(Schema):
    data: list[AlikeOut]


@router.post(
    "/customer-lookups",
    response=LookupOut,
    **call(
        "customers:read",
        _("Look up whether a customer is there"),
        _("Tells ids and which kinds of values agree. Limited to 600 in ten minutes; each look-up is kept on record."),
    ),
)
def lookup(request: HttpRequest, idempotency_key: IdempotencyKey, told: PersonIn) -> HttpResponse:
    def act() -> Made:
        found = _looked_up(request, _known(told))
        out = [
            AlikeOut(customer_id=one.customer.pk, likeness=one.alike.likeness, agrees=list(one.alike.agrees))
            for one in found
        ]
        return Made(200, LookupOut(data=out))

    return once(request, idempotency_key, act)


@router.post(
    "/new-customers",
    response={201: NewCustomerOut},
    **call(
        "customers:write",
        _("Create a customer"),
        _("Refused with maybe-duplicate when somebody like this is there, unless create_anyway is set."),
    ),
)
def create(request: HttpRequest, idempotency_key: IdempotencyKey, told: NewCustomerIn) -> HttpResponse:
    person, by = _known(told), caller(request).actor
    key = uuid5(caller(request).pk, idempotency_key)
    # Outside the transaction of the call: a refused call keeps nothing, but the record of the look-up stays.
    if not told.create_anyway and not known([key]) and _looked_up(request, person):
        detail = gettext("Look the customer up, or set create_anyway if it is somebody else.")
        raise ProblemError("maybe-duplicate", detail)

    def act() -> Made:
        place = Place(kind=told.kind, country=told.country, region=told.region, city=told.city)
        made = create_customer(person, place, key=key, source=_SOURCE, by=by, at=clock.now())
        return Made(201, NewCustomerOut(id=made.pk, number=made.source_key))

    return once(request, idempotency_key, act)


def _looked_up(request: HttpRequest, person: Known) -> list[Candidate]:
    try:
        return look_up(person, by=caller(request).actor, at=clock.now(), most=BY_PROGRAM_MAX)
    except TooManyLookupsError as refused:
        detail = gettext("Too many look-ups of customers. Go on in ten minutes.")
        raise ProblemError("too-many-calls", detail, headers={"Retry-After": "600"}) from refused


def _known(told: PersonIn) -> Known:
    fields = {name: getattr(told, name) for name in FIELDS}
    try:
        return entry(fields)
    except EntryRefusedError as refused:
        errors = [
            {"field": f"body.{field}", "code": reason, "message": str(REFUSALS[reason])}
            for field, reason in refused.reasons.items()
        ]
        raise ProblemError("invalid", errors=errors) from refused
