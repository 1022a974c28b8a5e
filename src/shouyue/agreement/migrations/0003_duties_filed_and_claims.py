"""Filings of dated duties, claims of breach and their steps."""

import django.db.models.deletion
import shouyue.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agreement', '0002_the_register_is_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimBook',
            fields=[
                ('agreement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='agreement.agreement')),
            ],
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('ground', models.CharField(choices=[('8.1(1)', '8.1(1) Satisfaction below its target because duties were not done'), ('8.1(2)', '8.1(2) Loyalty below its target because duties were not done'), ('8.1(3)', '8.1(3) False or hidden information'), ('8.1(4)', '8.1(4) Another duty not done')], max_length=8)),
                ('by_party', models.CharField(max_length=1)),
                ('against', models.CharField(max_length=1)),
                ('result_id', models.UUIDField(null=True)),
                ('target', models.JSONField(default=dict)),
                ('duties', models.JSONField(default=list)),
                ('argument', models.TextField()),
                ('evidence', models.URLField(blank=True, max_length=500)),
                ('wanted', models.TextField()),
                ('noticed_on', models.DateField()),
                ('reply_by', models.DateField()),
                ('filed_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='agreement.agreement')),
                ('filed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='ClaimStep',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('order', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('contest', 'Contest the claim'), ('accept', 'Accept the claim'), ('cure', 'Report a cure'), ('confirm', 'Confirm the cure and close'), ('reject_cure', 'Reject the cure'), ('settle', 'Record the agreed consequence and close'), ('withdraw', 'Withdraw the claim'), ('dispute', 'Bring it to dispute resolution (clause 11)')], max_length=12)),
                ('party', models.CharField(max_length=1)),
                ('text', models.TextField()),
                ('evidence', models.URLField(blank=True, max_length=500)),
                ('taken_on', models.DateField()),
                ('taken_at', models.DateTimeField()),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='agreement.claim')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('due_on', models.DateField()),
                ('done_on', models.DateField()),
                ('what', models.TextField()),
                ('evidence', models.URLField(blank=True, max_length=500)),
                ('filed_at', models.DateTimeField()),
                ('filed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('obligation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='agreement.obligation')),
            ],
            options={
                'ordering': ['due_on', 'filed_at', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(fields=('agreement', 'number'), name='claim_number_once_per_agreement'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('against', 'b'), ('by_party', 'a')), models.Q(('against', 'a'), ('by_party', 'b')), _connector='OR'), name='claim_is_against_the_other_party'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.UniqueConstraint(fields=('claim', 'order'), name='claim_step_order_once'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='filing_says_what_was_done'),
        ),
    ]
