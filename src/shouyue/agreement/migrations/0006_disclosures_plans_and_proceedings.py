"""The register of disclosures, the plans of both annexes, disputes and terminations."""

import django.db.models.deletion
import shouyue.kernel.ids
from django.conf import settings
from django.db import migrations, models

from shouyue.store.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('agreement', '0005_signing_and_amendments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('owed_by', models.CharField(max_length=1)),
                ('fact', models.TextField()),
                ('known_on', models.DateField()),
                ('due_on', models.DateField()),
                ('noted_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='agreement.agreement')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('annex', models.PositiveSmallIntegerField(choices=[(1, 'Annex 1: Plan for customer relationship management'), (2, 'Annex 2: Plan for loyalty')])),
                ('version', models.PositiveSmallIntegerField()),
                ('goals', models.TextField()),
                ('measures', models.JSONField()),
                ('by_party', models.CharField(max_length=1)),
                ('proposed_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='agreement.agreement')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['annex', '-version'],
            },
        ),
        migrations.AddField(
            model_name='claim',
            name='disclosure',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='agreement.disclosure'),
        ),
        migrations.CreateModel(
            name='PlanConfirmation',
            fields=[
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='confirmation', serialize=False, to='agreement.planversion')),
                ('confirmed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PlanDelivery',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('annex', models.PositiveSmallIntegerField(choices=[(1, 'Annex 1: Plan for customer relationship management'), (2, 'Annex 2: Plan for loyalty')])),
                ('key', models.CharField(max_length=40)),
                ('done_on', models.DateField()),
                ('what', models.TextField()),
                ('evidence', models.URLField(blank=True, max_length=500)),
                ('filed_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_deliveries', to='agreement.agreement')),
                ('filed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['filed_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Proceeding',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('dispute', 'Dispute'), ('termination', 'Termination')], max_length=12)),
                ('number', models.PositiveSmallIntegerField()),
                ('ground', models.CharField(blank=True, choices=[('consent', 'Both parties agree'), ('breach', 'Fundamental breach that was not cured'), ('force_majeure', 'Force majeure defeats the purpose')], max_length=14)),
                ('by_party', models.CharField(max_length=1)),
                ('text', models.TextField()),
                ('opened_on', models.DateField()),
                ('opened_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='agreement.agreement')),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proceedings', to='agreement.claim')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-opened_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ProceedingStep',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('order', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('state', 'Make a statement or add a paper'), ('offer', 'Offer a settlement'), ('settle', 'Accept the offer and settle'), ('mediate', 'Apply for mediation'), ('refer', 'Bring it before the agreed institution'), ('decision', "Record the institution's decision"), ('consent', 'Agree to it'), ('object', 'Object'), ('tick', 'Confirm an item of the checklist'), ('close', 'End the contract'), ('withdraw', 'Withdraw')], max_length=10)),
                ('party', models.CharField(max_length=1)),
                ('item', models.CharField(blank=True, choices=[('data', 'Data are handed over, and their receipt is confirmed'), ('benefits', 'Benefits of members that are not redeemed yet are arranged for'), ('accounts', 'Fees and costs are settled'), ('confidentiality', 'Customer data are returned or destroyed, and a certificate is issued (9.2(2))'), ('records', 'Reports, records and evidence are handed over to both parties')], max_length=16)),
                ('text', models.TextField()),
                ('taken_on', models.DateField()),
                ('taken_at', models.DateTimeField()),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreement.enclosure')),
                ('proceeding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='agreement.proceeding')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='DisclosureTold',
            fields=[
                ('disclosure', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='told', serialize=False, to='agreement.disclosure')),
                ('told_on', models.DateField()),
                ('text', models.TextField()),
                ('evidence', models.URLField(blank=True, max_length=500)),
                ('told_at', models.DateTimeField()),
                ('told_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.UniqueConstraint(fields=('agreement', 'number'), name='disclosure_number_once_per_agreement'),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.CheckConstraint(condition=models.Q(('owed_by__in', ['a', 'b'])), name='disclosure_is_owed_by_a_party'),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('known_on'))), name='disclosure_has_time'),
        ),
        migrations.AddField(
            model_name='planconfirmation',
            name='confirmed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.UniqueConstraint(fields=('agreement', 'annex', 'version'), name='plan_version_once_per_annex'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.CheckConstraint(condition=models.Q(('annex__in', [1, 2])), name='plan_is_of_a_known_annex'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.CheckConstraint(condition=models.Q(('by_party__in', ['a', 'b'])), name='plan_is_proposed_by_a_party'),
        ),
        migrations.AddConstraint(
            model_name='plandelivery',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='delivery_says_what_was_done'),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.UniqueConstraint(fields=('agreement', 'kind', 'number'), name='proceeding_number_once_per_agreement'),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), ('kind', 'dispute')), models.Q(('ground__in', ['consent', 'breach', 'force_majeure']), ('kind', 'termination')), _connector='OR'), name='a_termination_has_a_ground'),
        ),
        migrations.AddConstraint(
            model_name='proceeding',
            constraint=models.CheckConstraint(condition=models.Q(('by_party__in', ['a', 'b'])), name='proceeding_is_by_a_party'),
        ),
        migrations.AddConstraint(
            model_name='proceedingstep',
            constraint=models.UniqueConstraint(fields=('proceeding', 'order'), name='proceeding_step_order_once'),
        ),
        migrations.AddConstraint(
            model_name='proceedingstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'tick'), models.Q(('item', ''), _negated=True)), models.Q(models.Q(('kind', 'tick'), _negated=True), ('item', '')), _connector='OR'), name='a_tick_names_its_item'),
        ),
        append_only("agreement_disclosure"),
        append_only("agreement_disclosuretold"),
        append_only("agreement_planversion"),
        append_only("agreement_planconfirmation"),
        append_only("agreement_plandelivery"),
        append_only("agreement_proceeding"),
        append_only("agreement_proceedingstep"),
    ]
