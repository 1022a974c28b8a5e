"""Changes by hand are kept of every kind of entry, not of products alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("purchases", "0010_numbers_taken")]

    operations = [
        migrations.RenameModel("ProductEdit", "EntryEdit"),
        migrations.AddField("EntryEdit", "kind", models.CharField(default="product", max_length=10)),
    ]
