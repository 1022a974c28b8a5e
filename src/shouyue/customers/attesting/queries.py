"""What stood behind values at a moment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from shouyue.customers.attesting.models import Attestation, FieldAttestation, ValueAttestation
from shouyue.customers.attesting.rules.origins import fields_in
from shouyue.customers.attesting.rules.standing import Attested, Standing, standing
from shouyue.store import keys
from shouyue.store.keys import Use, keyed_digest


def standings_of(
    firsts: Iterable[tuple[UUID, UUID | None, int]], *, until: datetime
) -> dict[UUID, dict[str, Standing]]:
    """By customer and field what counted at a moment; without fields of which nothing was said. Two statements.

    firsts: (customer, Person.first_attestation_id, Person.first_fields).
    """
    told_first = list(firsts)
    said: dict[UUID, dict[str, list[Attested]]] = defaultdict(lambda: defaultdict(list))
    found = FieldAttestation.objects.filter(customer__in=[who for who, _, _ in told_first])
    lines = list(found.order_by("customer_id", "at", "id"))
    keys = {key for _, key, _ in told_first if key} | {line.attestation_id for line in lines}
    told = Attestation.objects.in_bulk(list(keys))
    for who, key, bits in told_first:
        if key in told:
            for name in fields_in(bits):
                said[who][name].append(_attested(told[key], told[key].asserted_at, is_change=True))
    for line in lines:
        attested = _attested(told[line.attestation_id], line.at, is_change=line.is_change)
        said[line.customer_id][line.field].append(attested)
    return {
        who: {name: one for name, all_said in fields.items() if (one := standing(all_said, until=until))}
        for who, fields in said.items()
    }


def value_key(customer: UUID, value: str) -> UUID:
    """What stands for a value of a customer in a `ValueAttestation`, and in addresses of pages."""
    secret = keys.ring().current.derived(Use.DIGESTS, "value")
    return UUID(bytes=keyed_digest(secret, customer.bytes + value.encode(), size=16))


def attested_values(customers: Sequence[UUID]) -> dict[UUID, dict[UUID, Standing]]:
    """By customer and key of a value what stands behind it: the latest verification, or else the latest word.

    Two statements.
    """
    lines = list(ValueAttestation.objects.filter(customer__in=customers).order_by("at", "id"))
    told = Attestation.objects.in_bulk({line.attestation_id for line in lines}) if lines else {}
    found: dict[UUID, dict[UUID, Standing]] = {}
    for line in lines:
        one, mine = told[line.attestation_id], found.setdefault(line.customer_id, {})
        now = Standing(line.at, one.source, one.method, one.verified_at, one.evidence)
        before = mine.get(line.value_key)
        if before is None or before.verified_at is None or (now.verified_at and now.verified_at >= before.verified_at):
            mine[line.value_key] = now
    return found


def _attested(told: Attestation, at: datetime, *, is_change: bool) -> Attested:
    return Attested(at, str(told.pk), is_change, told.source, told.method, told.verified_at, told.evidence)
