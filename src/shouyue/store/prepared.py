"""Statements that a busy call repeats: parsed and planned once for each connection, their values sent beside them."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

Values: TypeAlias = Sequence[object] | Mapping[str, object]

# A plan that is kept was made for few rows: joins that are quick with ten are slow with ten thousand.
_ROWS_MAX: Final = 100
_kept = threading.local()


class _Prepared(psycopg.Cursor[tuple[Any, ...]]):
    """Django's own cursors write the values into the text, so that each call is parsed and planned anew."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "_Prepared":
        # On for this statement alone: else psycopg would count the texts of Django's cursors, values and all.
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params, prepare=True)
        finally:
            self.connection.prepare_threshold = None


def fetched(statement: str, values: Values, *, rows: int = 1) -> list[tuple[Any, ...]]:
    """Rows of a statement whose text is always the same. values: text, numbers and moments; arrays as text (`copying`).

    rows: how many the arrays hold; with many the statement is planned for them.
    """
    with _cursor(rows) as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def executed(statement: str, values: Values, *, rows: int = 1) -> None:
    """As `fetched`, for a statement that returns nothing."""
    with _cursor(rows) as cursor:
        cursor.execute(statement, values)


@contextmanager
def _cursor(rows: int) -> Iterator[Any]:
    connection = connections[DEFAULT_DB_ALIAS]
    if rows > _ROWS_MAX:
        with connection.cursor() as planned:
            yield planned
        return
    connection.ensure_connection()
    cursor: Any = getattr(_kept, "cursor", None)
    if cursor is None or cursor.connection is not connection.connection:
        # One for each thread, used again: making one costs as much as a small statement.
        cursor = _kept.cursor = _Prepared(connection.connection)
    if connection.queries_logged or connection.execute_wrappers:
        yield connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)
        return
    with connection.wrap_database_errors:
        yield cursor
