"""Word the entries that are there already, as those that come in from now on are worded."""

from django.db import migrations

from shouyue.purchases.catalogue.public import keep_words

_CHUNK = 2_000


def word_entries(apps: object, schema_editor: object) -> None:
    # Words follow from the names alone: those that the search of this version asks for are the right ones.
    for kind in ("product", "category", "store", "channel"):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM purchases_{kind} ORDER BY id")
            ids = [row[0] for row in cursor.fetchall()]
        for place in range(0, len(ids), _CHUNK):
            keep_words(kind, ids[place : place + _CHUNK])


class Migration(migrations.Migration):
    dependencies = [("purchases", "0007_words_and_numbers_find")]

    operations = [migrations.RunPython(word_entries, migrations.RunPython.noop)]
