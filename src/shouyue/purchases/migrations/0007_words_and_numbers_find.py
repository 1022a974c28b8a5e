"""Words by which entries of the catalogue are found, and an index that leads to an order by its number."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("purchases", "0006_lines_go_only_with_their_import")]

    operations = [
        migrations.CreateModel(
            name="EntryWords",
            fields=[
                ("entry_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("words", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], gin_pending_list_limit=1024, name="entry_by_words"
                    )
                ]
            },
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["number"], name="order_by_number", opclasses=["varchar_pattern_ops"]),
        ),
    ]
