"""Record what is known of persons: sealed, findable, once, in a few statements for a whole batch."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from shouyue.customers.attesting.public import Origin, bits_of, governed_in, keep_attestation, keep_changes
from shouyue.customers.people.models import Person
from shouyue.customers.people.queries import persons_in
from shouyue.customers.people.rules.people import NOTHING, Known
from shouyue.kernel.ids import new_id
from shouyue.store.copying import bytea_array, copy_rows, uuid_array
from shouyue.store.digests import forget_identities, keep_identities
from shouyue.store.models import IdentityKind
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealed_fields import SealedField, sealed_fields
from shouyue.store.sealing import Cipher
from shouyue.store.tokens import tokens_of

CREATED: Final = "created"
UPDATED: Final = "updated"
UNCHANGED: Final = "unchanged"
ERASED: Final = "erased"


@dataclass(frozen=True, slots=True)
class PersonOutcome:
    """outcome: created, updated, unchanged, or erased: nothing is written of somebody who was erased.

    changed: names of what differs from before, never values. before: what was known; None if nothing was.
    """

    outcome: str
    changed: tuple[str, ...] = ()
    before: Known | None = None


class UnknownCustomersError(Exception):
    """Persons were told of customers that are not recorded. `ids` names them."""

    def __init__(self, ids: Iterable[UUID]) -> None:
        self.ids = frozenset(ids)
        super().__init__(f"{len(self.ids)} unknown: {', '.join(map(str, sorted(self.ids)[:3]))}")


@transaction.atomic
def record_people(
    told: Mapping[UUID, Known],
    *,
    at: datetime,
    origin: Origin | None = None,
    is_whole: bool = False,
    made: Collection[UUID] = (),
) -> dict[UUID, PersonOutcome]:
    """Make or complete the persons behind customers; told again, nothing changes. Outcomes by customer.

    told: what is not said stays as it was; is_whole: it goes. Customers are locked in the order of ids until the
    transaction ends.
    origin: what stands behind values that are new or other than before; those that stay keep theirs.
    made: customers that the open transaction has made: they are locked, and nobody is recorded behind them.
    A fixed number of statements for any number of people; nothing is written of those who stay as they are.
    Raises UnknownCustomersError, then nothing is written.
    """
    wanted = {who: told[who] for who in sorted(told)}
    there = [who for who in wanted if who not in made]
    _lock(there)
    keys = PersonKeys()
    erased = keys.erased(wanted)
    known = persons_in(_recorded(there) - erased, keys=keys)
    outcomes = dict.fromkeys(erased, PersonOutcome(ERASED))
    fresh: dict[UUID, Known] = {}
    moved: dict[UUID, Known] = {}
    for who, said in wanted.items():
        if who not in erased:
            before = known.get(who)
            after = said if is_whole or before is None else before.with_more(said)
            outcomes[who] = _outcome(before, after)
            if outcomes[who].changed:
                (moved if who in known else fresh)[who] = after
    ciphers = keys.made_keys_for([*fresh, *moved], at=at)
    origin = origin or Origin(key=new_id(), source="")
    if fresh or moved:
        keep_attestation(origin, at=at)
    _insert(fresh, ciphers, at, origin)
    write_over(moved, ciphers, at)
    keep_changes(origin, {who: governed_in(known[who].main_changed(after)) for who, after in moved.items()}, at=at)
    make_findable(fresh, {who: known for who, known in moved.items() if _CONTACTS & set(outcomes[who].changed)})
    return outcomes


def _outcome(before: Known | None, after: Known) -> PersonOutcome:
    changed = (before or NOTHING).changed(after)
    if not changed:
        return PersonOutcome(UNCHANGED)
    return PersonOutcome(CREATED if before is None else UPDATED, changed, before)


def _lock(ids: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [uuid_array(ids)])
        found = {row[0] for row in cursor.fetchall()}
    if len(found) < len(ids):
        raise UnknownCustomersError(set(ids) - found)


def _recorded(ids: Iterable[UUID]) -> set[UUID]:
    """Those who are recorded as persons. Ask after the lock: a statement of its own sees what was waited for."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, [uuid_array(ids)])
        return {row[0] for row in cursor.fetchall()}


def _insert(people: Mapping[UUID, Known], ciphers: Mapping[UUID, Cipher], at: datetime, origin: Origin) -> None:
    if people:
        last = f"{at.isoformat()}\t{origin.key}"
        lines = (
            "\t".join(
                [
                    str(who),
                    *(_copied(box) for box in _boxes(who, known, ciphers[who])),
                    f"{_tokens(known)}\t{last}\t{bits_of(known)}",
                ]
            )
            for who, known in people.items()
        )
        names = ("customer_id", *_COLUMNS, "tokens", "updated_at", "first_attestation_id", "first_fields")
        copy_rows(_TABLE, names, lines)


def write_over(people: Mapping[UUID, Known], ciphers: Mapping[UUID, Cipher], at: datetime) -> None:
    """Give recorded persons these values, whatever they had; part of the transaction that has locked them."""
    if people:
        boxes = zip(*(_boxes(who, known, ciphers[who]) for who, known in people.items()), strict=True)
        tokens = [_tokens(known) for known in people.values()]
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [at, list(people), tokens, *map(bytea_array, boxes)])


def _boxes(who: UUID, known: Known, cipher: Cipher) -> list[bytes | None]:
    """Sealed values in the order of _COLUMNS; None for what is not known."""
    values = _values(known)
    return [
        field.sealed(value, subject=who, cipher=cipher) if (value := values[field.name]) else None for field in _FIELDS
    ]


def _values(known: Known) -> dict[str, Any]:
    return {
        "name": known.name,
        "title": known.title,
        "born_on": known.born_on,
        "phone": known.phones[0] if known.phones else "",
        "other_phones": list(known.phones[1:]),
        "email": known.emails[0] if known.emails else "",
        "other_emails": list(known.emails[1:]),
        "address": known.address,
        "other_addresses": list(known.other_addresses),
        "wechats": list(known.wechats),
        "cards": list(known.cards),
        "calendar": known.calendar,
        "labels": list(known.labels),
    }


def _tokens(known: Known) -> str:
    tokens = tokens_of(names=[known.name] if known.name else [], phones=known.phones)
    return f"{{{','.join(map(str, tokens))}}}"


def _copied(box: bytes | None) -> str:
    return "\\N" if box is None else f"\\\\x{box.hex()}"


def make_findable(fresh: Mapping[UUID, Known], moved: Mapping[UUID, Known]) -> None:
    """Keep the digests of phones and e-mails; of `moved` those that went before are forgotten."""
    if moved:
        forget_identities(list(moved), kinds=tuple(_IDENTITIES))
    people = {**fresh, **moved}
    for kind, name in _IDENTITIES.items():
        keep_identities((who, kind, text) for who, known in people.items() for text in getattr(known, name))


_TABLE: Final = "customers_person"
_FIELDS: Final[list[SealedField[Any]]] = sealed_fields(Person)
_COLUMNS: Final = tuple(field.attname for field in _FIELDS)
_IDENTITIES: Final = {
    IdentityKind.PHONE: "phones",
    IdentityKind.EMAIL: "emails",
    IdentityKind.CARD: "cards",
    IdentityKind.WECHAT: "wechats",
}
_CONTACTS: Final = set(_IDENTITIES.values())

_LOCK = "SELECT id FROM customers_customer WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE"
_RECORDED = "SELECT customer_id FROM customers_person WHERE customer_id = ANY(%s::uuid[])"
_UPDATE = f"""
UPDATE customers_person AS person SET updated_at = %s, tokens = told.tokens::bigint[],
    {", ".join(f"{name} = told.{name}" for name in _COLUMNS)}
FROM unnest(%s::uuid[], %s::text[]{", %s::bytea[]" * len(_COLUMNS)})
    AS told (customer_id, tokens, {", ".join(_COLUMNS)})
WHERE person.customer_id = told.customer_id
"""  # noqa: S608 names of columns alone are part of the text
