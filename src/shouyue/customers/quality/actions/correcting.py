"""Customers correct their own data: they ask, staff decide, and what was accepted is attested by the customer."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shouyue.customers.attesting.public import Origin
from shouyue.customers.people.public import Known, UnknownCustomersError, persons_in, record_people
from shouyue.customers.quality.actions.confirming import confirm_values
from shouyue.customers.quality.facts import CorrectionAsked, CorrectionDecided
from shouyue.customers.quality.models import CorrectionRequest, CorrectionState
from shouyue.customers.quality.rules.corrections import CorrectionRefusedError, corrected
from shouyue.store import facts
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealed_fields import seal, unseal


class AlreadyDecidedError(Exception):
    """The request was decided the other way, or replaced by a later one."""


@transaction.atomic
def request_correction(
    customer_id: UUID, field: str, text: str, *, key: UUID, by: str, at: datetime
) -> CorrectionRequest:
    """Ask that a field becomes `text`; the same key finds the request, a later one replaces what is still open.

    Raises CorrectionRefusedError for a value that cannot be used or is the one we have; UnknownCustomersError.
    """
    _lock(customer_id)
    if found := CorrectionRequest.objects.filter(pk=key).first():
        return found
    corrected(_known(customer_id), field, text)
    CorrectionRequest.objects.filter(customer=customer_id, field=field, state=CorrectionState.OPEN).update(
        state=CorrectionState.REPLACED, decided_at=at, decided_by=by
    )
    asked = CorrectionRequest(
        id=key, customer_id=customer_id, field=field, value=text.strip(), asked_at=at, asked_by=by
    )
    seal([asked], at=at)
    asked.save(force_insert=True)
    facts.announce(CorrectionAsked(subject=customer_id, request_id=key, field=field), at=at, by=by)
    return asked


@transaction.atomic
def decide_correction(request_id: UUID, *, is_accepted: bool, by: str, at: datetime) -> CorrectionRequest:
    """Accept or refuse a request, once. Accepted, the record takes the value, verified when the customer said it.

    Raises CorrectionRequest.DoesNotExist, AlreadyDecidedError.
    """
    customer_id = CorrectionRequest.objects.values_list("customer", flat=True).get(pk=request_id)
    _lock(customer_id)
    asked = CorrectionRequest.objects.select_for_update().get(pk=request_id)
    wanted = CorrectionState.ACCEPTED if is_accepted else CorrectionState.REFUSED
    if asked.state == wanted:
        return asked
    if asked.state != CorrectionState.OPEN:
        raise AlreadyDecidedError
    if is_accepted:
        _record(asked, by=by, at=at)
    asked.state, asked.decided_at, asked.decided_by = wanted, at, by
    asked.save(update_fields=["state", "decided_at", "decided_by"])
    fact = CorrectionDecided(subject=customer_id, request_id=request_id, field=asked.field, is_accepted=is_accepted)
    facts.announce(fact, at=at, by=by)
    return asked


def _record(asked: CorrectionRequest, *, by: str, at: datetime) -> None:
    unseal([asked], ["value"])
    if asked.value is None or asked.value.is_erased:
        return
    who, origin = (
        asked.customer_id,
        Origin(
            key=asked.pk,
            source="customer",
            by=by,
            method="member",
            verified_at=asked.asked_at,
            evidence=f"correction:{asked.pk}",
        ),
    )
    try:
        told = corrected(_known(who), asked.field, asked.value.plain)
    except CorrectionRefusedError:
        # Somebody recorded it meanwhile: what the customer said confirms it.
        confirm_values({who: [asked.field]}, origin=origin, at=at)
    else:
        record_people({who: told}, at=at, origin=origin)


def _known(customer_id: UUID) -> Known:
    return persons_in([customer_id], keys=PersonKeys()).get(customer_id, Known())


def _lock(customer_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_customer WHERE id = %s FOR NO KEY UPDATE", [customer_id])
        if cursor.fetchone() is None:
            raise UnknownCustomersError([customer_id])
