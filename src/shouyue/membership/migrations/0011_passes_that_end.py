from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('membership', '0010_terms_consents'),
    ]

    operations = [
        migrations.AddField('tierpass', 'why', models.CharField(blank=True, default='', max_length=200, verbose_name='why')),
        migrations.AddField('tierpass', 'ended_on', models.DateField(null=True, verbose_name='ended')),
        migrations.AddField('tierpass', 'ended_at', models.DateTimeField(null=True)),
        migrations.AddField('tierpass', 'ended_by', models.CharField(blank=True, default='', max_length=60)),
        migrations.AddField('tierpass', 'ended_why', models.CharField(blank=True, default='', max_length=200, verbose_name='why it ended')),
        migrations.AddConstraint('tierpass', models.CheckConstraint(
            condition=models.Q(('ended_at__isnull', True), ('ended_on__isnull', True)) | models.Q(
                ('ended_at__isnull', False), ('ended_on__gte', models.F('first')), ('ended_on__lte', models.F('last'))),
            name='pass_ended_within_its_days')),
    ]
