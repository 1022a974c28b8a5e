"""Facts and positions become ledgers, and the head gets its one row."""

from django.db import migrations

from shouyue.store.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("store", "0001_the_ground")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO store_facthead (id, position) VALUES (1, 0) ON CONFLICT DO NOTHING",
            "DELETE FROM store_facthead",
        ),
        append_only("store_fact"),
        append_only("store_factposition"),
    ]
