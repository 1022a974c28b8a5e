"""Make sure that the customers of a batch are known."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shouyue.customers.people.rules.precedence import hand_stands
from shouyue.store.copying import text_array, uuid_array
from shouyue.store.prepared import fetched

_ATTRIBUTES = ("kind", "country", "region", "city")
_NOT_SAID = "unknown"  # the kind that an order tells; a list may know better
_SAYS_NOTHING = {"kind": _NOT_SAID, "country": "", "region": "", "city": ""}


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What a source says of a customer. id: derived from the source and its key. kind: a CustomerKind.

    seen_at: the moment that the record speaks of; None for a list that speaks of now. Empty text says nothing.
    as_of: the moment that a list was right at, None if it does not say; only what was set by hand asks for it.
    """

    id: UUID
    source: str
    source_key: str
    kind: str
    country: str = ""
    region: str = ""
    city: str = ""
    seen_at: datetime | None = None
    as_of: datetime | None = None


@transaction.atomic(savepoint=False)
def ensure_customers(
    told: Iterable[CustomerFacts], *, are_known: bool = False, look: Callable[[list[UUID]], object] | None = None
) -> dict[UUID, str]:
    """Make or complete the customers and lock them until the transaction ends; returns created/updated/unchanged by id.

    told: any order, several of one customer allowed; a later record wins over an earlier one, and a list over both.
    What somebody set by hand stays unless the record or the list is of a later moment (rules/precedence.py).
    Those who are new are made first and the others locked after it, each in the order of ids, so that two batches never
    wait for each other: whoever needs to see how the others stood must not lock them before, but look then.
    are_known: the caller knows that all of them are recorded, which spares the attempt to make them.
    look: gets the ids of those who were there, locked and not yet changed.
    """
    merged: dict[UUID, _Merged] = {}
    for one in told:
        merged[one.id] = merged[one.id].with_more(one) if one.id in merged else _Merged.of(one)
    wanted = [merged[key] for key in sorted(merged)]
    created = set() if are_known else _insert(wanted)
    known = _lock([one.facts.id for one in wanted if one.facts.id not in created])
    if look is not None:
        look(list(known))
    changed = [after for one in wanted if one.facts.id in known and (after := one.over(known[one.facts.id]))]
    _update(changed)
    outcomes = dict.fromkeys(created, "created") | dict.fromkeys(known, "unchanged")
    return outcomes | {one.facts.id: "updated" for one in changed}


@dataclass(frozen=True, slots=True)
class _Merged:
    """All that was told of one customer. facts: the attributes that won, as of facts.seen_at."""

    facts: CustomerFacts
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    by_hand: Mapping[str, str] | None = None

    @classmethod
    def of(cls, one: CustomerFacts) -> "_Merged":
        return cls(one, one.seen_at, one.seen_at)

    def with_more(self, other: CustomerFacts) -> "_Merged":
        is_later = other.seen_at is None or (self.facts.seen_at is not None and other.seen_at >= self.facts.seen_at)
        old, new = (self.facts, other) if is_later else (other, self.facts)
        facts = _completed(new, old)
        moments = [at for at in (self.first_seen_at, self.last_seen_at, other.seen_at) if at]
        return _Merged(facts, min(moments, default=None), max(moments, default=None))

    def over(self, known: "_Merged") -> "_Merged | None":
        """What the stored record becomes; None if it stays as it is."""
        if self._adds_nothing_to(known):
            return None
        after = known.with_more(known.heard(self.facts))
        told = (after.first_seen_at, after.last_seen_at, self.first_seen_at, self.last_seen_at)
        moments = [at for at in told if at]
        facts = replace(after.facts, seen_at=known.facts.seen_at, as_of=None)
        after = _Merged(facts, min(moments, default=None), max(moments, default=None), known.by_hand)
        return None if after == known else after

    def _adds_nothing_to(self, known: "_Merged") -> bool:
        """Most purchases: nothing but a moment is told, and it lies between those that are known."""
        told = self.facts
        is_silent = told.kind == _NOT_SAID and not (told.country or told.region or told.city)
        if not is_silent or known.first_seen_at is None or known.last_seen_at is None:
            return False
        first, last = self.first_seen_at, self.last_seen_at
        return first is not None and last is not None and known.first_seen_at <= first and last <= known.last_seen_at

    def heard(self, told: CustomerFacts) -> CustomerFacts:
        """What counts of the told attributes: not those that were set by hand since."""
        kept = hand_stands(self.by_hand, told.seen_at or told.as_of)
        said: dict[str, Any] = {name: _SAYS_NOTHING[name] for name in kept}
        return replace(told, **said) if said else told


def _completed(new: CustomerFacts, old: CustomerFacts) -> CustomerFacts:
    """The new word, and the old one where the new one says nothing."""
    said: dict[str, Any] = {
        name: value
        for name, nothing in _SAYS_NOTHING.items()
        if getattr(new, name) == nothing and (value := getattr(old, name)) != nothing
    }
    return replace(new, **said) if said else new


def _insert(wanted: Sequence[_Merged]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, _columns(wanted))
        return {row[0] for row in cursor.fetchall()}


def _lock(ids: Sequence[UUID]) -> dict[UUID, _Merged]:
    return {
        row[0]: _Merged(_as_told(row[:9]), row[7], row[8], json.loads(row[9]) if row[9] else None)
        for row in fetched(_LOCK, [uuid_array(ids)], rows=len(ids))
    }


def _as_told(row: tuple[Any, ...]) -> CustomerFacts:
    key, source, source_key, kind, country, region, city, _first_seen_at, last_seen_at = row
    return CustomerFacts(key, source, source_key, kind, country, region, city, last_seen_at)


def _update(changed: Sequence[_Merged]) -> None:
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, _columns(changed))


def _columns(rows: Sequence[_Merged]) -> list[str | list[datetime | None]]:
    names = ("source", "source_key", *_ATTRIBUTES)
    texts = [text_array(getattr(row.facts, name) for row in rows) for name in names]
    return [
        uuid_array(row.facts.id for row in rows),
        *texts,
        [row.first_seen_at for row in rows],
        [row.last_seen_at for row in rows],
    ]


_ROWS = """unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::timestamptz[], %s::timestamptz[])
    WITH ORDINALITY AS told (id, source, source_key, kind, country, region, city, first_seen_at, last_seen_at, place)"""

_INSERT = f"""
INSERT INTO customers_customer (id, source, source_key, kind, country, region, city, first_seen_at, last_seen_at)
SELECT id, source, source_key, kind, country, region, city, first_seen_at, last_seen_at FROM {_ROWS} ORDER BY place
ON CONFLICT (id) DO NOTHING RETURNING id
"""  # noqa: S608 no value of a person is part of the text

_LOCK = """
SELECT id, source, source_key, kind, country, region, city, first_seen_at, last_seen_at, by_hand::text
FROM customers_customer
WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""

_UPDATE = f"""
UPDATE customers_customer AS customer SET kind = told.kind, country = told.country, region = told.region,
    city = told.city, first_seen_at = told.first_seen_at, last_seen_at = told.last_seen_at
FROM {_ROWS} WHERE customer.id = told.id
"""  # noqa: S608 no value of a person is part of the text
