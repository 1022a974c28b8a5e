"""The outbox's writing side: an action announces what happened in its own transaction."""

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from django.db import connection

from shouyue.kernel.canonical import canonical_json
from shouyue.kernel.ids import new_id
from shouyue.store.prepared import executed

# One statement for both tables. VALUES, not arrays: for the usual one fact it costs a third less (./shouyue bench
# facts); the counter follows the order of the rows.
_APPEND = """
WITH kept AS (
    INSERT INTO store_fact (id, kind, version, subject_id, payload, occurred_at, recorded_at, actor) VALUES {facts}
)
INSERT INTO store_pendingfact (fact_id) VALUES {ids}
"""
_FACTS_PER_STATEMENT = 1000
_OFTEN = 2  # as many as busy calls announce: these few texts the server keeps


# id, kind, version, subject, payload, occurred_at, recorded_at, actor
Row: TypeAlias = tuple[UUID, str, int, UUID | None, str, datetime, datetime, str]
_gathered: ContextVar[list[Row] | None] = ContextVar("gathered", default=None)


class NoTransactionError(Exception):
    """A fact was announced outside a transaction: it could be kept while what it tells of is not."""


@dataclass(frozen=True, kw_only=True)
class FactBase:
    """Base of typed facts: frozen dataclasses named in the past tense, e.g. `PurchaseRecorded`.

    kind: the name readers choose by; the class's name unless it sets one. version: of the payload's shape; a
    changed meaning is a new version. Fields a subclass adds are the payload; see `canonical_json` for what they
    may hold. No personal values: facts are never erased.
    subject: the customer it is about, if it is about one. occurred_at: None means the announcement's `at`.
    """

    kind: ClassVar[str]
    version: ClassVar[int] = 1

    subject: UUID | None = None
    occurred_at: datetime | None = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "kind" not in cls.__dict__:
            cls.kind = cls.__name__

    def payload(self) -> dict[str, object]:
        """The values a subclass added, by field name."""
        named = (field.name for field in dataclasses.fields(self))
        return {name: getattr(self, name) for name in named if name not in _ENVELOPE}


_ENVELOPE = frozenset(field.name for field in dataclasses.fields(FactBase))


@dataclass(frozen=True, kw_only=True)
class RowsFact(FactBase):
    """Base of a fact about a batch of rows: one fact for all of them; a reaction to it reads the batch.

    rows_root: `merkle_root` of the rows, so that each stays provable by an inner proof.
    """

    batch_id: UUID
    row_count: int
    rows_root: str


def announce(*facts: FactBase, at: datetime, by: str) -> list[UUID]:
    """Append facts to the outbox in the open transaction, in the given order; returns their ids.

    at: the moment of recording (aware). by: who or what acted, e.g. "staff:7" or "import".
    Call it last, after the action's locks are taken: the order of facts is the order of these calls.
    Raises NoTransactionError outside a transaction; TypeError or ValueError for a payload without canonical text.
    """
    if not connection.in_atomic_block:
        raise NoTransactionError("announce facts inside the transaction that makes them true")
    # Everything is made, and so refused if it must be, before anything is written.
    rows = [_row(fact, at=at, by=by) for fact in facts]
    if (waiting := _gathered.get()) is None:
        _write(rows)
    else:
        waiting += rows
    return [row[0] for row in rows]


@contextmanager
def gathered() -> Iterator[None]:
    """What is announced inside is written at the end of the block, in its order, in one statement.

    For an action that calls others which announce; the block stands inside its transaction.
    """
    if _gathered.get() is not None:
        yield
        return
    rows: list[Row] = []
    before = _gathered.set(rows)
    try:
        yield
    finally:
        _gathered.reset(before)
    _write(rows)


def _write(rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), _FACTS_PER_STATEMENT):
        _append(rows[start : start + _FACTS_PER_STATEMENT])


def _row(fact: FactBase, *, at: datetime, by: str) -> Row:
    payload = canonical_json(fact.payload())
    return new_id(), fact.kind, fact.version, fact.subject, payload, fact.occurred_at or at, at, by


def _append(rows: Sequence[Row]) -> None:
    statement = _APPEND.format(
        facts=", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s)"] * len(rows)), ids=", ".join(["(%s)"] * len(rows))
    )
    values = [*chain.from_iterable(rows), *(row[0] for row in rows)]
    if len(rows) <= _OFTEN:
        executed(statement, values)
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
