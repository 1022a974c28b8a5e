"""Values of declared fields for programs."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from pydantic import Field

from shouyue.customers.fields import queries
from shouyue.customers.people.public import known
from shouyue.rest.routes import call

router = Router()


class DeclaredValueOut(Schema):
    name: str
    kind: str = Field(description=_("text, number, date, choice, multi, boolean or tags."))
    texts: list[str] = Field(description=_("Choices by their English names; numbers and days as text; empty for none."))


@router.get(
    "/customers/{customer_id}/fields",
    response=list[DeclaredValueOut],
    **call(
        "customers:read",
        _("Read the declared fields of a customer"),
        _("Fields that an installation declared itself; those with personal data are left out."),
    ),
)
def read_fields(request: HttpRequest, customer_id: UUID) -> list[DeclaredValueOut]:  # noqa: ARG001 ninja finds the request by this name
    if not known([customer_id]):
        raise Http404
    values = queries.values_of([customer_id]).get(customer_id, queries.NOTHING)
    return [
        DeclaredValueOut(name=field.name, kind=field.kind, texts=queries.english_texts(field, values.of(field)))
        for field in queries.asked_fields()
        if not field.is_personal
    ]
