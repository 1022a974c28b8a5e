from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('membership', '0012_numbers_that_pay'),
    ]

    operations = [
        migrations.AddField(
            model_name='tierstanding',
            name='stands_for_all',
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name='tierchange',
            name='why',
            field=models.CharField(choices=[('joined', 'joined'), ('reached', 'reached'), ('fell', 'minimum missed at the review'), ('corrected', 'records came in late or were merged')], max_length=10, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='tierstanding',
            name='why',
            field=models.CharField(choices=[('joined', 'joined'), ('reached', 'reached'), ('fell', 'minimum missed at the review'), ('corrected', 'records came in late or were merged')], max_length=10, verbose_name='reason'),
        ),
    ]
