"""Values found right as they are: a confirmation attests them and changes nothing else."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shouyue.customers.attesting.public import GOVERNED, TOLD, Attestation, Origin, keep_attestation, keep_confirmations
from shouyue.customers.people.public import Person
from shouyue.customers.quality.facts import ValuesConfirmed
from shouyue.store import facts

# Columns that are empty exactly when the field has no value.
COLUMN_OF = {"name": "name", "phone": "phone", "email": "email", "address": "address", "birthday": "born_on"}


class NothingToConfirmError(Exception):
    """A field without a value was to be confirmed, or one that does not exist. fields: their names."""

    def __init__(self, fields: Collection[str]) -> None:
        self.fields = tuple(sorted(fields))
        super().__init__(", ".join(self.fields))


class ValuesChangedError(Exception):
    """The record changed after the reader saw it: what they confirmed may be another value by now."""


@transaction.atomic
def confirm_values(
    confirmed: Mapping[UUID, Sequence[str]],
    *,
    origin: Origin,
    at: datetime,
    seen: Mapping[UUID, datetime] | None = None,
) -> int:
    """Note that fields of customers were found right; returns how many were noted, 0 for a repetition.

    confirmed: fields by customer. origin: how it was verified; its key makes it happen once. seen: the
    `Person.updated_at` that the reader looked at. A fixed number of statements for any number of customers.
    Raises NothingToConfirmError, ValuesChangedError; then nothing is written.
    """
    if origin.method == TOLD or origin.verified_at is None:
        raise ValueError("a confirmation says how and when the value was verified")
    wanted = {who: list(dict.fromkeys(confirmed[who])) for who in sorted(confirmed) if confirmed[who]}
    _lock(list(wanted))
    if Attestation.objects.filter(pk=origin.key).exists():
        return 0
    _refuse(wanted, seen or {})
    keep_attestation(origin, at=at)
    keep_confirmations(origin, wanted, at=at)
    total = sum(map(len, wanted.values()))
    if total:
        fact = ValuesConfirmed(
            subject=next(iter(wanted)) if len(wanted) == 1 else None,
            attestation_id=origin.key,
            method=origin.method,
            customers=len(wanted),
            values=total,
        )
        facts.announce(fact, at=at, by=origin.by)
    return total


def _lock(ids: list[UUID]) -> None:
    """Whoever changes a person holds the same lock, so no value changes between the look and the note."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids])


def _refuse(wanted: Mapping[UUID, Sequence[str]], seen: Mapping[UUID, datetime]) -> None:
    unknown = {name for fields in wanted.values() for name in fields} - set(GOVERNED)
    if unknown:
        raise NothingToConfirmError(unknown)
    people = {row.pk: row for row in Person.objects.filter(pk__in=list(wanted)).defer("tokens")}
    for who, fields in wanted.items():
        row = people.get(who)
        empty = [name for name in fields if row is None or getattr(row, COLUMN_OF[name]) is None]
        if empty:
            raise NothingToConfirmError(empty)
        if row is not None and who in seen and row.updated_at != seen[who]:
            raise ValuesChangedError
