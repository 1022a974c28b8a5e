from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('membership', '0014_categories_that_earned'),
    ]

    operations = [
        migrations.AddField(
            model_name='earning',
            name='excused',
            field=models.PositiveBigIntegerField(db_default=0),
        ),
    ]
