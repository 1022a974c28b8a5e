"""Households and relations for programs."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from pydantic import Field

from shouyue.customers.duplicates.public import ids_of_person
from shouyue.customers.kinships.queries import kinships_of_persons
from shouyue.customers.people.public import known
from shouyue.rest.routes import call

router = Router()


class RelationOut(Schema):
    id: UUID
    one: UUID = Field(description=_("The customer that stands for all records of the one person."))
    one_ids: list[UUID] = Field(description=_("All records of the one, first the one that stands for all."))
    kind: str = Field(
        description=_("What one is to other: spouse, parent, sibling, kin, works_at, contact_of, parent_company.")
    )
    other: UUID = Field(description=_("The customer that stands for all records of the other person."))
    other_ids: list[UUID] = Field(description=_("All records of the other, first the one that stands for all."))


class HouseholdMemberOut(Schema):
    customer_id: UUID = Field(description=_("The customer that stands for all records of the member."))
    customer_ids: list[UUID] = Field(description=_("All records of the member, first the one that stands for all."))
    is_head: bool


class KinshipsOut(Schema):
    relations: list[RelationOut]
    household: list[HouseholdMemberOut] = Field(description=_("Everybody in the household, the head first."))


@router.get(
    "/customers/{customer_id}/relations",
    response=KinshipsOut,
    **call(
        "customers:read",
        _("Read household and relations"),
        _("Of one customer, as they stand now. Records that were merged are told as one person."),
    ),
)
def read_relations(request: HttpRequest, customer_id: UUID) -> KinshipsOut:  # noqa: ARG001 ninja finds the request by this name
    if not known([customer_id]):
        raise Http404
    found = kinships_of_persons(ids_of_person([customer_id]))[customer_id]
    people = [one for tie in found.ties for one in (tie.one, tie.other)] + [one.who for one in found.members]
    ids = ids_of_person(one.customer.pk for one in people)
    return KinshipsOut(
        relations=[
            RelationOut(
                id=tie.relation.pk,
                one=tie.one.customer.pk,
                one_ids=ids[tie.one.customer.pk],
                kind=tie.relation.kind,
                other=tie.other.customer.pk,
                other_ids=ids[tie.other.customer.pk],
            )
            for tie in found.ties
        ],
        household=[
            HouseholdMemberOut(
                customer_id=one.who.customer.pk,
                customer_ids=ids[one.who.customer.pk],
                is_head=one.membership.is_head,
            )
            for one in found.members
        ],
    )
