"""Keep what a run found: new pairs, newer evidence, and nothing of what people decided is changed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid5

import orjson
from django.db import connection, transaction

from shouyue.customers.duplicates.facts import DuplicatesSearched
from shouyue.customers.duplicates.models import Match, MatchState
from shouyue.customers.duplicates.queries.persons import one_person
from shouyue.customers.linking.public import LIKELY, Linked, is_enough
from shouyue.store import facts

_PAIRS = UUID("0f6d3c1e-6f0e-5d0c-9a40-2f1f3d1b7c55")  # the namespace of pairs
_BATCH = 5_000
_KEEP = """
INSERT INTO customers_match
    (id, one_id, other_id, probability, weight, evidence, weights, state, found_at, decided_at, decided_by)
SELECT told.id, told.one, told.other, told.probability, told.weight, told.evidence, told.weights, 'open', %s, NULL, ''
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::float8[], %s::float8[], %s::jsonb[], %s::jsonb[])
    AS told (id, one, other, probability, weight, evidence, weights)
JOIN customers_customer AS first ON first.id = told.one
JOIN customers_customer AS second ON second.id = told.other
ON CONFLICT (one_id, other_id) DO UPDATE
SET probability = excluded.probability, weight = excluded.weight, evidence = excluded.evidence,
    weights = excluded.weights, found_at = excluded.found_at
WHERE customers_match.state = 'open'
"""


@transaction.atomic
def record_matches(found: Iterable[Linked], *, run_id: UUID, persons: int, by: str, at: datetime) -> tuple[int, int]:
    """Keep the pairs of one run over everybody; returns how many are likely and how many less so.

    Decided pairs stay as they are. Open pairs that this run no longer found are forgotten; so are pairs that are one
    person already. A fixed number of statements for 5,000 pairs.
    """
    same = one_person()
    likely = less = 0
    for batch in _batches(pair for pair in found if is_enough(pair.levels)):
        rows = [row for pair in batch if (row := _row(pair)) and same.get(row[1], row[1]) != same.get(row[2], row[2])]
        rows.sort(key=lambda row: (row[1], row[2]))
        likely += sum(row[3] >= LIKELY for row in rows)
        less += sum(row[3] < LIKELY for row in rows)
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(_KEEP, [at, *(list(column) for column in zip(*rows, strict=True))])
    Match.objects.filter(state=MatchState.OPEN, found_at__lt=at).delete()
    told = DuplicatesSearched(run_id=run_id, persons=persons, likely=likely, less_likely=less)
    facts.announce(told, at=at, by=by)
    return likely, less


def pair_id(one: UUID, other: UUID) -> UUID:
    """The id of a pair, whichever is told first; ids scatter."""
    first, second = sorted((one, other))
    return uuid5(_PAIRS, f"{first}{second}")


def _row(pair: Linked) -> tuple[UUID, UUID, UUID, float, float, str, str]:
    first, second = sorted((UUID(pair.one), UUID(pair.other)))
    evidence = orjson.dumps(dict(pair.levels)).decode()
    weights = orjson.dumps({name: round(bits, 2) for name, bits in pair.weights.items()}).decode()
    return pair_id(first, second), first, second, pair.probability, pair.weight, evidence, weights


def _batches(pairs: Iterable[Linked]) -> Iterator[list[Linked]]:
    rest = iter(pairs)
    while batch := list(islice(rest, _BATCH)):
        yield batch
