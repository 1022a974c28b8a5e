"""A rehearsal of an undo keeps what upper rooms would do about it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0011_kept_orders_have_their_number")]

    operations = [
        migrations.AddField(
            model_name="importundo", name="foreseen", field=models.JSONField(default=dict)
        ),
    ]
