"""Customers that records of other rooms name: what an import of those made of them, and back again.

Such an import tells where a customer lives and when they were seen, and nothing of the person.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouyue.customers.duplicates.public import forget_undecided
from shouyue.customers.lists.models import ListedChange
from shouyue.customers.lists.queries.uses import customers_in_use
from shouyue.customers.lists.rules import earlier
from shouyue.customers.lists.rules.earlier import Change, as_json
from shouyue.customers.people.public import Earlier, Standing, put_back, remove_customers, standing_of
from shouyue.store.copying import bytea_array, uuid_array
from shouyue.store.imports.mapping import Undone
from shouyue.store.imports.undoing import UNTOUCHED

# File and row that first named a customer; row 0 where only rows of other records did.
Named = tuple[int, int]


def keep_places(
    run_id: UUID, named: Mapping[UUID, Named], before: Mapping[UUID, Standing], *, changed: Sequence[UUID], at: datetime
) -> None:
    """Keep what an import changed of these customers, so that it can be taken back; in the transaction that wrote it.

    before: how those stood that were there. changed: who was made or completed. Two statements; a customer whose
    records come in several batches keeps what was there before the first.
    """
    if not changed:
        return
    after = standing_of(changed)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                run_id,
                at,
                uuid_array(changed),
                [named[who][0] for who in changed],
                [named[who][1] for who in changed],
                [as_json(before[who][1:7]) if who in before else None for who in changed],
                bytea_array(earlier.digest(_place(after[who])) for who in changed),
            ],
        )


def take_back_places(
    run_id: UUID, customers: Sequence[UUID], *, at: datetime, named_in_kept: Iterable[UUID] = ()
) -> list[Undone]:
    """Take back what an import made of these customers, in the order of their ids; the caller announces it.

    named_in_kept: of whom a record of the import stays; that is told with the record. New ones of whom something else
    is recorded stay and are listed; one that was there before and moved on since stays, and there is nothing to say.
    """
    found = ListedChange.objects.filter(run_id=run_id, customer_id__in=list(customers)).order_by("customer_id")
    changes = {one.customer_id: one for one in found}
    if not changes:
        return []
    outcomes = _decided(changes, standing_of(list(changes)))
    removed = [who for who, what in outcomes.items() if what == earlier.REMOVED]
    restored = [who for who, what in outcomes.items() if what == earlier.RESTORED]
    put_back({who: Earlier(_earlier(changes[who]), None) for who in restored}, at=at, with_persons=False)
    forget_undecided(removed)
    # Of those who stay as they are, too, it has served.
    ListedChange.objects.filter(run_id=run_id, customer_id__in=list(changes)).delete()
    remove_customers(removed)
    told = set(named_in_kept)
    return [_undone(one, outcomes[who], is_told=who in told) for who, one in changes.items()]


def customers_placed(run_id: UUID, *, after: UUID | None, most: int) -> list[UUID]:
    """The first customers of an import after one, in order, of whom something was kept."""
    found = ListedChange.objects.filter(run_id=run_id).order_by("customer_id")
    if after:
        found = found.filter(customer_id__gt=after)
    return list(found.values_list("customer_id", flat=True)[:most])


def _decided(changes: Mapping[UUID, ListedChange], current: Mapping[UUID, Standing]) -> dict[UUID, str]:
    new = {who for who, one in changes.items() if one.place is None}
    as_left = {
        who for who, one in changes.items() if who in current and _is_as_left(one, current[who], is_new=who in new)
    }
    used = customers_in_use(sorted(new))
    return {who: earlier.outcome(Change(who in new, who in as_left or who in used, who in used)) for who in changes}


def _is_as_left(change: ListedChange, current: Standing, *, is_new: bool) -> bool:
    # A new customer with a person became somebody else's.
    return earlier.digest(_place(current)) == bytes(change.after) and not (is_new and current.updated_at)


def _undone(change: ListedChange, outcome: str, *, is_told: bool) -> Undone:
    has_row = change.row_number > 0
    if outcome == earlier.EDITED and change.place is not None and not has_row:
        outcome = UNTOUCHED
    if outcome == earlier.USED and is_told and not has_row:
        outcome = UNTOUCHED
    who = change.customer_id
    return Undone(who, who, change.file_number, change.row_number, outcome, rows=int(has_row))


def _place(standing: Standing) -> tuple[object, ...]:
    return (*standing[:7], standing.by_hand)


def _earlier(change: ListedChange) -> Standing:
    kind, country, region, city, first_seen_at, last_seen_at = change.place or [""] * 6
    return Standing(
        change.customer_id,
        kind,
        country,
        region,
        city,
        _moment(first_seen_at),
        _moment(last_seen_at),
        updated_at=None,
        first_attestation_id=None,
        first_fields=None,
        by_hand=None,
    )


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_KEEP = """
INSERT INTO customers_listedchange AS kept (run_id, customer_id, file_number, row_number, place, after, at)
SELECT %s, told.who, told.file_number, told.row_number, told.place::jsonb, told.after, moment.at
FROM (SELECT %s::timestamptz AS at) AS moment,
    unnest(%s::uuid[], %s::int[], %s::int[], %s::text[], %s::bytea[])
    AS told (who, file_number, row_number, place, after)
ORDER BY told.who
ON CONFLICT (run_id, customer_id) DO UPDATE SET after = excluded.after
"""
