"""Households and relations for programs."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from pydantic import Field

from shouyue.customers.kinships.queries import kinships_of
from shouyue.customers.people.public import known
from shouyue.rest.routes import call

router = Router()


class RelationOut(Schema):
    id: UUID
    one: UUID
    kind: str = Field(
        description=_("What one is to other: spouse, parent, sibling, kin, works_at, contact_of, parent_company.")
    )
    other: UUID


class HouseholdMemberOut(Schema):
    customer_id: UUID
    is_head: bool


class KinshipsOut(Schema):
    relations: list[RelationOut]
    household: list[HouseholdMemberOut] = Field(description=_("Everybody in the household, the head first."))


@router.get(
    "/customers/{customer_id}/relations",
    response=KinshipsOut,
    **call("customers:read", _("Read household and relations"), _("Of one customer, as they stand now.")),
)
def read_relations(request: HttpRequest, customer_id: UUID) -> KinshipsOut:  # noqa: ARG001 ninja finds the request by this name
    if not known([customer_id]):
        raise Http404
    found = kinships_of([customer_id])[customer_id]
    return KinshipsOut(
        relations=[
            RelationOut(
                id=one.relation.pk, one=one.relation.one_id, kind=one.relation.kind, other=one.relation.other_id
            )
            for one in found.ties
        ],
        household=[
            HouseholdMemberOut(customer_id=one.membership.customer_id, is_head=one.membership.is_head)
            for one in found.members
        ],
    )
