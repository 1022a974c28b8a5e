from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('membership', '0011_passes_that_end'),
    ]

    operations = [
        migrations.AddField(
            model_name='redemption',
            name='payers',
            field=models.JSONField(default=list),
        ),
    ]
