"""Gives committed facts their gapless positions. Any number may run; they take turns on the head's row."""

import threading

from django.db import connection, transaction

from shouyue.store.loops import repeat

_NAP_SECONDS = 0.1

# Three statements, not one: a statement sees what was committed when it began, so the pending rows must be read
# by a statement that begins after the head is locked, or two sequencers would hand out the same positions.
_LOCK_HEAD = "SELECT position FROM store_facthead WHERE id = 1 FOR UPDATE"
_PLACE = """
WITH placed AS (
    DELETE FROM store_pendingfact
    WHERE id = ANY (ARRAY(SELECT id FROM store_pendingfact ORDER BY id LIMIT %s))
    RETURNING id, fact_id
)
INSERT INTO store_factposition (position, fact_id)
SELECT %s + row_number() OVER (ORDER BY id), fact_id FROM placed
"""
_MOVE_HEAD = "UPDATE store_facthead SET position = position + %s WHERE id = 1"


def sequence_once(limit: int = 1000) -> int:
    """Give positions to at most `limit` committed facts, in the order of their announcement; returns how many.

    Facts announced by one process, or by one that had seen another's, keep that order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM store_pendingfact)")
        found = cursor.fetchone()
        if not found or not found[0]:
            return 0  # an idle poll locks nothing and writes nothing
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK_HEAD)
        (head,) = cursor.fetchone() or _missing_head()
        cursor.execute(_PLACE, [limit, head])
        placed: int = cursor.rowcount
        if placed:
            cursor.execute(_MOVE_HEAD, [placed])
        return placed


def run_sequencer(stop: threading.Event) -> None:
    """Sequence until `stop` is set, napping while there is nothing to do and outliving database restarts."""
    repeat(sequence_once, stop=stop, nap_seconds=_NAP_SECONDS)


def _missing_head() -> tuple[int]:
    raise RuntimeError("the head of the facts is missing; run the migrations")
