"""Change what is known of a person's contacts and birthday by hand, say that a value is right, take a change back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection, transaction

from shouyue.customers.attesting.public import (
    BY_HAND,
    TOLD,
    Origin,
    Standing,
    attested_values,
    keep_values,
    standings_of,
    value_key,
)
from shouyue.customers.contacts.models import ContactChange, ContactKind
from shouyue.customers.contacts.rules.contacts import GOVERNED_KINDS, ContactRefusedError, Part, part_of, with_part
from shouyue.customers.people.public import (
    Known,
    PeopleRecorded,
    Person,
    UnknownCustomersError,
    persons_in,
    record_people,
)
from shouyue.customers.quality.public import ValuesConfirmed, confirm_values
from shouyue.kernel.ids import new_id
from shouyue.store import facts
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealed_fields import seal, unseal

BIRTHDAY = ContactKind.BIRTHDAY.value


class ValueGoneError(Exception):
    """The value that was to be changed is no longer there: somebody else changed or removed it."""


def by_hand(*, by: str, method: str = TOLD, at: datetime) -> Origin:
    """What stands behind a value that staff write. method: how they know; told when nobody checked it."""
    return Origin(key=new_id(), source=BY_HAND, by=by, method=method, verified_at=None if method == TOLD else at)


@transaction.atomic
def change_contacts(
    customer: UUID, kind: str, change: Callable[[Part], Part], *, origin: Origin, at: datetime
) -> ContactChange | None:
    """Change the values of one kind; None where nothing differs afterwards, and then nothing is attested either.

    change: of rules/contacts.py, given what is there. New values stand on `origin`; a value that becomes the main one
    or stops being it keeps what stands behind it. Raises what `change` raises, and UnknownCustomersError.
    """
    known = _locked(customer)
    before = part_of(known, kind)
    after = change(before)
    if after == before:
        return None
    _write(customer, known, kind, after, origin=origin, at=at)
    return _kept(customer, kind, _as_json(before), _as_json(after), by=origin.by, at=at)


@transaction.atomic
def change_birthday(
    customer: UUID, born_on: date | None, calendar: str, *, origin: Origin, at: datetime
) -> ContactChange | None:
    """Set or remove the birthday and the calendar by which it is kept; None where nothing differs."""
    known = _locked(customer)
    after = replace(known, born_on=born_on, calendar=calendar if born_on else "")
    if after == known:
        return None
    _record(customer, after, origin=origin, at=at)
    return _kept(customer, BIRTHDAY, _birthday_as_json(known), _birthday_as_json(after), by=origin.by, at=at)


@transaction.atomic
def confirm_contact(customer: UUID, kind: str, value: str, *, origin: Origin, at: datetime) -> None:
    """Note that one value was found right. Raises ValueGoneError."""
    part = part_of(_locked(customer), kind)
    if value not in part.values:
        raise ValueGoneError
    if kind in GOVERNED_KINDS and value == part.main:
        confirm_values({customer: [kind]}, origin=origin, at=at)
        return
    keep_values(origin, customer, [value], at=at)
    fact = ValuesConfirmed(subject=customer, attestation_id=origin.key, method=origin.method, customers=1, values=1)
    facts.announce(fact, at=at, by=origin.by)


@transaction.atomic
def undo_contact_change(customer: UUID, change_id: UUID, *, by: str, at: datetime) -> bool:
    """Bring the earlier values back; False where somebody changed them since, or it was undone before.

    Raises ContactChange.DoesNotExist.
    """
    known = _locked(customer)
    change = ContactChange.objects.get(customer=customer, id=change_id)
    if change.undone_at or not _undone(customer, known, change, by=by, at=at):
        return False
    ContactChange.objects.filter(customer=customer, id=change_id).update(undone_at=at)
    facts.announce(PeopleRecorded(batch_id=change_id, created=0, updated=1), at=at, by=by)
    return True


def _undone(customer: UUID, known: Known, change: ContactChange, *, by: str, at: datetime) -> bool:
    unseal([change], ["before", "after"])
    if change.before is None or change.after is None or change.before.is_erased:
        return False
    before, after = cast("dict[str, Any]", change.before.plain), change.after.plain
    origin = by_hand(by=by, at=at)
    if change.kind == BIRTHDAY:
        if _birthday_as_json(known) != after:
            return False
        day, calendar = before["values"]
        earlier = replace(known, born_on=date.fromisoformat(day) if day else None, calendar=calendar)
        _record(customer, earlier, origin=origin, at=at)
        return True
    if _as_json(part_of(known, change.kind)) != after:
        return False
    _write(customer, known, change.kind, _from_json(before), origin=origin, at=at)
    return True


def _write(customer: UUID, known: Known, kind: str, after: Part, *, origin: Origin, at: datetime) -> None:
    before, mine = part_of(known, kind), attested_values([customer]).get(customer, {})
    moves = kind in GOVERNED_KINDS and after.main != before.main
    if moves and before.main and (standing := _standing(customer, kind, at)):
        keep_values(_copy(standing), customer, [before.main], at=at)
    earlier = mine.get(value_key(customer, after.main)) if moves and after.main else None
    main_origin = _copy(earlier) if earlier else origin
    _record(customer, with_part(known, kind, after), origin=main_origin, at=at)
    fresh = [value for value in after.values if value not in before.values and not (moves and value == after.main)]
    if fresh:
        keep_values(origin, customer, fresh, at=at)


def _record(customer: UUID, known: Known, *, origin: Origin, at: datetime) -> None:
    if record_people({customer: known}, at=at, origin=origin, is_whole=True)[customer].outcome == "erased":
        raise ContactRefusedError("erased")


def _standing(customer: UUID, kind: str, at: datetime) -> Standing | None:
    firsts = Person.objects.filter(pk=customer).values_list("pk", "first_attestation_id", "first_fields")
    return standings_of(firsts, until=at).get(customer, {}).get(kind)


def _copy(standing: Standing) -> Origin:
    """The same word once more, under a key of its own."""
    return Origin(
        key=new_id(),
        source=standing.source,
        method=standing.method,
        verified_at=standing.verified_at,
        evidence=standing.evidence,
    )


def _locked(customer: UUID) -> Known:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_customer WHERE id = %s FOR NO KEY UPDATE", [customer])
        if cursor.fetchone() is None:
            raise UnknownCustomersError([customer])
    return persons_in([customer], keys=PersonKeys()).get(customer, Known())


def _kept(
    customer: UUID, kind: str, before: dict[str, object], after: dict[str, object], *, by: str, at: datetime
) -> ContactChange:
    change = ContactChange(customer_id=customer, kind=kind, before=before, after=after, by=by, changed_at=at)
    seal([change], at=at)
    change.save(force_insert=True)
    facts.announce(PeopleRecorded(batch_id=change.id, created=0, updated=1), at=at, by=by)
    return change


def _as_json(part: Part) -> dict[str, object]:
    return {"values": list(part.values), "labels": [list(one) for one in part.labels]}


def _from_json(kept: Mapping[str, Any]) -> Part:
    return Part(tuple(kept["values"]), tuple((value, label) for value, label in kept["labels"]))


def _birthday_as_json(known: Known) -> dict[str, object]:
    return {"values": [known.born_on.isoformat() if known.born_on else "", known.calendar]}
