"""Keep the words by which people find entries, as their names and codes stand."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import connection
from psycopg import sql

from shouyue.purchases.catalogue.models import words_of
from shouyue.store.copying import text_array, uuid_array


def keep_words(kind: str, ids: Sequence[UUID]) -> None:
    """Write the words of these entries; the caller's transaction made or renamed them. Two statements.

    kind: product, category, store or channel.
    """
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NAMES[kind], [uuid_array(ids)])
        rows = [(key, text_array(words_of(kind, *named))) for key, *named in cursor.fetchall()]
        cursor.execute(_KEEP, [uuid_array(key for key, _words in rows), text_array(words for _key, words in rows)])


_NAMES: Final = {
    kind: sql.SQL("SELECT id, code, name, name_en FROM {} WHERE id = ANY (%s::uuid[]) ORDER BY id").format(
        sql.Identifier(f"purchases_{kind}")
    )
    for kind in ("product", "category", "store", "channel")
}
_KEEP: Final = """
INSERT INTO purchases_entrywords AS known (entry_id, words)
SELECT id, words::text[] FROM unnest(%s::uuid[], %s::text[]) AS told (id, words)
ON CONFLICT (entry_id) DO UPDATE SET words = excluded.words WHERE known.words <> excluded.words
"""
