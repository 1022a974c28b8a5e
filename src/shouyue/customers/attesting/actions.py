"""Write down what stands behind values: one attestation for a batch, and a line for each field that became another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from shouyue.customers.attesting.models import ValueAttestation
from shouyue.customers.attesting.queries import value_key
from shouyue.customers.attesting.rules.origins import GONE, GOVERNED, Origin, governed_in
from shouyue.customers.attesting.rules.standing import Attested, behind
from shouyue.kernel.ids import keyed_id

_KEEP = """
INSERT INTO customers_attestation (id, source, method, asserted_at, verified_at, by, evidence)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""
_LINES = """
INSERT INTO customers_fieldattestation (customer_id, id, field, attestation_id, is_change, at)
SELECT told.customer_id, told.id, told.field, %s, %s, %s FROM unnest(%s::uuid[], %s::uuid[], %s::text[])
    AS told (customer_id, id, field)
ON CONFLICT DO NOTHING
"""
_SAID = """
SELECT line.customer_id, line.field, told.id, line.is_change, line.at, told.source, told.method, told.verified_at
FROM customers_fieldattestation AS line JOIN customers_attestation AS told ON told.id = line.attestation_id
WHERE line.customer_id = ANY(%(customers)s)
UNION ALL
SELECT person.customer_id, bit.field, told.id, true, told.asserted_at, told.source, told.method, told.verified_at
FROM customers_person AS person JOIN customers_attestation AS told ON told.id = person.first_attestation_id
CROSS JOIN unnest(%(fields)s::text[]) WITH ORDINALITY AS bit (field, place)
WHERE person.customer_id = ANY(%(customers)s) AND person.first_fields >> (bit.place::int - 1) & 1 = 1
"""


def keep_attestation(origin: Origin, *, at: datetime) -> None:
    """The attestation of a batch, once for each key. Part of the transaction that writes what it is about."""
    with connection.cursor() as cursor:
        said = (origin.source, origin.method, at, origin.verified_at, origin.by, origin.evidence)
        cursor.execute(_KEEP, [origin.key, *said])


def keep_changes(origin: Origin, fields: Mapping[UUID, Sequence[str]], *, at: datetime) -> None:
    """These fields have another value now, and this is what stands behind it."""
    _keep_lines(origin, fields, at=at, is_change=True)


def keep_confirmations(origin: Origin, fields: Mapping[UUID, Sequence[str]], *, at: datetime) -> None:
    """These fields were found right as they are."""
    _keep_lines(origin, fields, at=at, is_change=False)


def put_back_standings(
    fields: Mapping[UUID, Sequence[str]], *, before: Mapping[UUID, datetime], key: UUID, at: datetime, by: str
) -> None:
    """These attributes of `Known` have again the value of before a moment, and what stood behind it then.

    before: by customer the moment of the change that is taken back. key: of the attestation that says which of
    them have no value any more. A fixed number of statements.
    """
    wanted = {who: governed_in(attributes) for who, attributes in fields.items() if governed_in(attributes)}
    if not wanted:
        return
    said = _said_of(wanted, before)
    gone = Origin(key=key, source=GONE, by=by)
    changes: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    confirmations: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for who, names in wanted.items():
        for field in names:
            found = behind(said[who][field])
            changes[UUID(found.change) if found else gone.key].append((who, field))
            if found and found.confirmation:
                confirmations[UUID(found.confirmation)].append((who, field))
    keep_attestation(gone, at=at)
    for origin, lines in changes.items():
        _write_lines(origin, lines, at=at, is_change=True)
    for origin, lines in confirmations.items():
        # A moment later: a confirmation counts for the change that it follows.
        _write_lines(origin, lines, at=at + timedelta(microseconds=1), is_change=False)


def _said_of(
    wanted: Mapping[UUID, Sequence[str]], before: Mapping[UUID, datetime]
) -> dict[UUID, dict[str, list[Attested]]]:
    said: dict[UUID, dict[str, list[Attested]]] = defaultdict(lambda: defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(_SAID, {"customers": list(wanted), "fields": list(GOVERNED)})
        for who, field, told, is_change, at, source, method, verified_at in cursor.fetchall():
            if at < before[who]:
                said[who][field].append(Attested(at, str(told), is_change, source, method, verified_at))
    return said


def keep_values(origin: Origin, customer: UUID, values: Sequence[str], *, at: datetime) -> None:
    """This is what stands behind values beside the main ones. The attestation is kept with them."""
    keep_attestation(origin, at=at)
    rows = [
        ValueAttestation(customer_id=customer, value_key=value_key(customer, value), attestation_id=origin.key, at=at)
        for value in values
    ]
    ValueAttestation.objects.bulk_create(rows)


def _keep_lines(origin: Origin, fields: Mapping[UUID, Sequence[str]], *, at: datetime, is_change: bool) -> None:
    lines = [(who, field) for who in sorted(fields) for field in fields[who]]
    _write_lines(origin.key, lines, at=at, is_change=is_change)


def _write_lines(origin: UUID, lines: Sequence[tuple[UUID, str]], *, at: datetime, is_change: bool) -> None:
    if lines:
        ids = [keyed_id(origin, f"{who}:{field}:{int(is_change)}:{at.isoformat()}") for who, field in lines]
        owners, names = [who for who, _ in lines], [field for _, field in lines]
        with connection.cursor() as cursor:
            cursor.execute(_LINES, [origin, is_change, at, owners, ids, names])
