"""Changes of products by hand are kept, so that they can be taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("purchases", "0008_word_entries")]

    operations = [
        migrations.CreateModel(
            name="ProductEdit",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("before", models.JSONField()),
                ("set_to", models.JSONField()),
                ("count", models.PositiveIntegerField()),
                ("by", models.CharField(max_length=80)),
                ("edited_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
