"""What a list may change: values that are known better stay, and each row is told of the first one that did."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from shouyue.customers.attesting.public import (
    BY_HAND,
    GOVERNED,
    Attestation,
    FieldAttestation,
    attested_values,
    standings_of,
    value_key,
)
from shouyue.customers.lists.rules.hearing import hand_stands, heard, stands
from shouyue.customers.people.public import Customer, CustomerFacts, Known, Person, persons_in
from shouyue.store.person_keys import PersonKeys

# The columns of a list that tell what a hand may have set.
_BY_HAND: Final = ("country", "region", "city")


def heard_of(
    told: Mapping[UUID, Known],
    listed: Sequence[CustomerFacts],
    right_at: Mapping[UUID, datetime | None],
    *,
    there: Collection[UUID],
    at: datetime,
) -> tuple[dict[UUID, Known], dict[UUID, tuple[str, str]]]:
    """What counts of what a list tells of persons, and by customer the first column that stays, with our value.

    right_at: when the list was right, by customer. there: those who were recorded before; of the others nothing is
    known that could be better. The customers are locked. A fixed number of statements, none for new customers alone.
    """
    if not there:
        return dict(told), {}
    kept = _kept_by_hand([one for one in listed if one.id in there])
    standings = {
        who: fields
        for who, fields in standings_of(_maybe_sure(list(there)), until=at).items()
        if any(stands(one, right_at[who]) for one in fields.values())
    }
    attested = attested_values(list(there))
    known = persons_in({*standings, *attested}, keys=PersonKeys()) if standings or attested else {}
    changed = dict(told)
    for who, ours in known.items():
        mine = attested.get(who, {})
        own = {value for value in ours.several if value_key(who, value) in mine}
        changed[who], fields = heard(ours, told[who], standings.get(who, {}), right_at[who], own)
        if fields:
            kept[who] = (fields[0], ours.main_text(GOVERNED[fields[0]]))
    return changed, kept


def _maybe_sure(ids: Sequence[UUID]) -> list[tuple[UUID, UUID | None, int]]:
    """Those of whom more is known than what one list told: nearly nobody of a large list."""
    firsts = Person.objects.filter(pk__in=ids).values_list("pk", "first_attestation_id", "first_fields")
    found = list(firsts)
    is_sure = Q(verified_at__isnull=False) | Q(source=BY_HAND)
    keys = {key for _who, key, _bits in found if key}
    sure = set(Attestation.objects.filter(is_sure, pk__in=keys).values_list("pk", flat=True))
    told_more = set(FieldAttestation.objects.filter(customer__in=ids).values_list("customer_id", flat=True))
    return [one for one in found if one[0] in told_more or one[1] in sure]


def _kept_by_hand(listed: Sequence[CustomerFacts]) -> dict[UUID, tuple[str, str]]:
    last = {one.id: one for one in listed}
    found = Customer.objects.filter(pk__in=list(last), by_hand__isnull=False)
    return {
        row.pk: (name, getattr(row, name))
        for row in found
        for name in _BY_HAND
        if name in hand_stands(row.by_hand, last[row.pk].as_of)
        and getattr(last[row.pk], name) not in {"", getattr(row, name)}
    }
