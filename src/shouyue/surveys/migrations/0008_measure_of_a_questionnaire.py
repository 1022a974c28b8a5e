"""What a questionnaire's answers count for, instead of whether that is satisfaction."""

from django.db import migrations, models


def fill(apps, schema_editor):
    # Loyalty as it was asked before does not count: it did not ask what the register counts.
    apps.get_model("surveys", "Questionnaire").objects.filter(is_satisfaction=False).update(measure="")


class Migration(migrations.Migration):

    dependencies = [
        ("surveys", "0007_drafts_of_questionnaires"),
    ]

    operations = [
        migrations.AddField(
            model_name="questionnaire",
            name="measure",
            field=models.CharField(blank=True, default="satisfaction", max_length=40),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveField(model_name="questionnaire", name="is_satisfaction"),
    ]
