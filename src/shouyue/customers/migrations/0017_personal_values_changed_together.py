import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0016_values_changed_together")]

    operations = [
        migrations.AddField(
            model_name="customvaluechange",
            name="edit",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="customers.customvaluesedit",
            ),
        ),
        migrations.AddIndex(
            model_name="customvaluechange",
            index=models.Index(
                condition=models.Q(("edit__isnull", False)), fields=["edit"], name="value_change_by_edit"
            ),
        ),
    ]
