from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0009_anonymous_waves'),
    ]

    operations = [
        migrations.AddField(
            model_name='waveplan',
            name='margins',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='waveplan',
            name='margins_hash',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='waveplan',
            name='traits',
            field=models.JSONField(default=dict),
        ),
    ]
