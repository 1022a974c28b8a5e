
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0010_list_exports'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='importkept',
            name='kept_reason_is_known',
        ),
        migrations.AddField(
            model_name='importkept',
            name='label',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AlterField(
            model_name='importkept',
            name='reason',
            field=models.CharField(choices=[('edited', 'Somebody changed it after the import.'), ('used', 'It was used since: there are purchases, answers, points, a confirmation or other records of it.'), ('returned', 'Goods of it came back since: a return that the import did not bring undoes it.')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='importkept',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['edited', 'used', 'returned'])), name='kept_reason_is_known'),
        ),
    ]
