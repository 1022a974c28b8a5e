"""Whose order each number is. Of orders that were told under several customers the earliest has it."""

import django.db.models.deletion
from django.db import migrations, models

_FILL = """
INSERT INTO purchases_takennumber (order_id, customer_id)
SELECT DISTINCT ON (id) id, customer_id FROM purchases_order ORDER BY id, placed_at, customer_id
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0016_values_changed_together"), ("purchases", "0009_edits_of_products")]

    operations = [
        migrations.CreateModel(
            name="TakenNumber",
            fields=[
                ("order_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
