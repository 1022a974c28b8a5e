"""The outbox's reading side: every reader follows the same gapless positions and keeps its own place."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from shouyue.store.models import FactHead, FactReader

_ERROR_LENGTH_MAX = 2000
_RETRY_SECONDS_MAX = 300

_READ = """
SELECT p.position, f.id, f.kind, f.version, f.subject_id, f.payload, f.occurred_at, f.recorded_at, f.actor
FROM store_factposition p JOIN store_fact f ON f.id = p.fact_id
WHERE p.position > %s AND p.position <= %s AND (%s::text[] IS NULL OR f.kind = ANY (%s::text[]))
ORDER BY p.position
"""

_NEWS = """
SELECT position > coalesce((SELECT position FROM store_factreader WHERE name = %s), 0) FROM store_facthead
"""


@dataclass(frozen=True, slots=True)
class PlacedFact:
    """A fact as readers see it. payload: JSON's own types; `canonical_json(payload)` is its one text."""

    position: int
    id: UUID
    kind: str
    version: int
    subject: UUID | None
    payload: dict[str, Any]
    occurred_at: datetime
    recorded_at: datetime
    actor: str


def head_position() -> int:
    """The last position given so far; 0 when there is none."""
    return FactHead.objects.values_list("position", flat=True).get(pk=1)


def read_after(position: int, limit: int, *, kinds: Collection[str] | None = None) -> list[PlacedFact]:
    """Facts at positions position + 1 … position + limit, in order; of `kinds` only, if given.

    Positions have no gaps and appear in order, so fewer than `limit` facts without `kinds` means the end.
    """
    wanted = None if kinds is None else sorted(kinds)
    with connection.cursor() as cursor:
        cursor.execute(_READ, [position, position + limit, wanted, wanted])
        return [_placed(row) for row in cursor.fetchall()]


def follow(
    reader_name: str,
    handle: Callable[[Sequence[PlacedFact]], object],
    limit: int = 500,
    *,
    kinds: Collection[str] | None = None,
) -> int:
    """Hand the next facts to `handle` and move the reader past them, in one transaction.

    Returns how many positions were passed; 0 at the end, or while another process is handling for this reader.
    `handle` is called only with a batch that is not empty, and gets only `kinds`, if given.
    What `handle` writes to this database happens exactly once, with the move; what it does elsewhere (HTTP,
    files) at least once. If it raises, nothing moves and the error goes to the caller. A new reader starts at
    the first fact. Different names do not know each other.
    """
    if not _has_news(reader_name):
        return 0  # an idle poll locks nothing and writes nothing
    with transaction.atomic():
        reader = _locked_reader(reader_name)
        end = min(reader.position + limit, head_position()) if reader else 0
        if reader is None or end <= reader.position:
            return 0
        batch = read_after(reader.position, end - reader.position, kinds=kinds)
        if batch:
            handle(batch)
        FactReader.objects.filter(pk=reader_name).update(position=end, failures=0, failed_at=None, last_error="")
        return end - reader.position


def note_failure(reader_name: str, error: BaseException, *, at: datetime) -> None:
    """Write on the reader's row what stopped it. The next success of `follow` wipes it."""
    FactReader.objects.get_or_create(pk=reader_name)
    FactReader.objects.filter(pk=reader_name).update(
        failures=F("failures") + 1,
        failed_at=at,
        last_error=f"{type(error).__name__}: {error}".replace("\x00", "")[:_ERROR_LENGTH_MAX],
    )


def next_try_at(reader: FactReader) -> datetime | None:
    """When a failed reader should be tried again: after 1, 2, 4 … at most 300 seconds. None: at any time."""
    if not reader.failures or reader.failed_at is None:
        return None
    seconds = min(2 ** min(reader.failures - 1, 30), _RETRY_SECONDS_MAX)
    return reader.failed_at + timedelta(seconds=seconds)


def _has_news(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_NEWS, [name])
        (found,) = cursor.fetchone() or (False,)
    return bool(found)


def _locked_reader(name: str) -> FactReader | None:
    """The reader's row, locked; made if it is new. None while another transaction holds it."""
    free = FactReader.objects.select_for_update(skip_locked=True).filter(pk=name)
    reader = free.first()
    if reader is None:
        FactReader.objects.bulk_create([FactReader(name=name)], ignore_conflicts=True)
        reader = free.first()
    return reader


def _placed(row: tuple[Any, ...]) -> PlacedFact:
    *before, payload, occurred_at, recorded_at, actor = row
    # Django's driver hands jsonb over as text; a bare psycopg connection would hand over objects.
    values = json.loads(payload) if isinstance(payload, str) else payload
    position, fact_id, kind, version, subject = before
    return PlacedFact(position, fact_id, kind, version, subject, values, occurred_at, recorded_at, actor)
