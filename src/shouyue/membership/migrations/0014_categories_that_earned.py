from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('membership', '0013_tiers_of_persons'),
    ]

    operations = [
        migrations.AddField(
            model_name='earning',
            name='categories',
            field=models.JSONField(null=True),
        ),
    ]
