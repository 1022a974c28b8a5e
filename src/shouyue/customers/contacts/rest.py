"""Contacts for programs that may read what is personal."""

from datetime import date, datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from pydantic import Field

from shouyue.customers.contacts.queries import contacts_of
from shouyue.customers.contacts.rules import birthdays
from shouyue.kernel import clock
from shouyue.rest.routes import call

router = Router()


class ContactOut(Schema):
    kind: str = Field(description=_("phone, email, address, wechat or card."))
    value: str
    label: str = Field(description=_("mobile, home, work, family, delivery, other, or empty."))
    is_main: bool
    method: str = Field(description=_("told: nobody checked it; or member, document, call, delivered."))
    verified_at: datetime | None


class PersonOut(Schema):
    customer_id: UUID
    name: str
    title: str = Field(description=_("mr, ms, or empty."))
    born_on: date | None = Field(description=_("By the Gregorian calendar, whichever the person keeps."))
    calendar: str = Field(description=_("By which the birthday is kept: solar or lunar; empty when none is known."))
    next_birthday: date | None
    contacts: list[ContactOut]


@router.get(
    "/customers/{customer_id}/person",
    response=PersonOut,
    **call(
        "customers:personal",
        _("Read what is known of a person"),
        _("Name, birthday, phones, e-mail addresses, addresses, WeChat ids and cards, whole, with what stands behind."),
    ),
)
def read_person(request: HttpRequest, customer_id: UUID) -> PersonOut:  # noqa: ARG001 ninja finds the request by this name
    at = clock.now()
    found = contacts_of([customer_id], at=at).get(customer_id)
    if found is None:
        raise Http404
    known, is_lunar = found.known, found.known.calendar == birthdays.LUNAR
    upcoming = (
        birthdays.next_birthday(known.born_on, is_lunar=is_lunar, on=timezone.localdate(at)) if known.born_on else None
    )
    return PersonOut(
        customer_id=customer_id,
        name=known.name,
        title=known.title,
        born_on=known.born_on,
        calendar=(known.calendar or "solar") if known.born_on else "",
        next_birthday=upcoming,
        contacts=[
            ContactOut(
                kind=one.kind,
                value=one.value,
                label=one.label,
                is_main=one.is_main,
                method=one.standing.method if one.standing else "told",
                verified_at=one.standing.verified_at if one.standing else None,
            )
            for one in found.contacts
        ],
    )
