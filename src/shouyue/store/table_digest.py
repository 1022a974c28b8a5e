"""A digest of what tables hold, to tell whether two ways to fill them came to the same end."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.db import connection
from psycopg import sql


def tables_digest(tables: Iterable[tuple[str, Sequence[str], Sequence[str]]]) -> str:
    """SHA-256 in hexadecimal over the rows of (table, columns, columns to sort by), as PostgreSQL writes them.

    The sort must be by a key. Streams: memory does not grow with the tables.
    """
    digest = sha256()
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        for table, columns, key in tables:
            statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
                _names(columns), sql.Identifier(table), _names(key)
            )
            digest.update(f"{table}\n".encode())
            with cursor.copy(statement) as copy:
                for part in copy:
                    digest.update(part)
    return digest.hexdigest()


def _names(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
