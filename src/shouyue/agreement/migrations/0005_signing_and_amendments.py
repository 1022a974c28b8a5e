"""Drafts that become agreements under two signatures, and amendments as versions."""

import django.db.models.deletion
import shouyue.kernel.ids
from django.conf import settings
from django.db import migrations, models

from shouyue.store.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('agreement', '0004_filings_and_claims_are_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('target', 'Another target'), ('definition', 'Another definition of a measure'), ('clause', 'Other or further words of a clause'), ('term', 'Another last day')], max_length=10)),
                ('about', models.CharField(blank=True, max_length=40)),
                ('value', models.JSONField()),
                ('before', models.JSONField()),
                ('reason', models.TextField()),
                ('applies_from', models.DateField()),
                ('by_party', models.CharField(max_length=1)),
                ('proposed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40)),
                ('terms', models.JSONField(default=dict)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('source_sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('open', 'Draft'), ('signed', 'Signed by both'), ('dropped', 'Dropped')], default='open', max_length=8)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('edited_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-made_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Enclosure',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('image/png', 'PNG image'), ('image/jpeg', 'JPEG image'), ('application/pdf', 'PDF document')], max_length=20)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('party', models.CharField(max_length=8)),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['added_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PartyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(max_length=1)),
                ('public_key', models.CharField(max_length=44, unique=True)),
                ('sealed', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('side', models.CharField(max_length=1)),
                ('signatory', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('statement', models.JSONField()),
                ('signature', models.CharField(max_length=88)),
                ('signed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['signed_at', 'id'],
            },
        ),
        migrations.AlterModelOptions(
            name='clause',
            options={'ordering': ['order', 'version']},
        ),
        migrations.RemoveConstraint(
            model_name='clause',
            name='clause_number_once_per_agreement',
        ),
        migrations.RemoveConstraint(
            model_name='clause',
            name='clause_order_once_per_agreement',
        ),
        migrations.AddField(
            model_name='agreement',
            name='institution',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='clause',
            name='applies_from',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='clause',
            name='version',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='definition',
            name='applies_from',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='target',
            name='applies_from',
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name='clause',
            constraint=models.UniqueConstraint(fields=('agreement', 'number', 'version'), name='clause_version_once_per_agreement'),
        ),
        migrations.AddConstraint(
            model_name='clause',
            constraint=models.UniqueConstraint(fields=('agreement', 'order', 'version'), name='clause_order_once_per_version'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='agreement.agreement'),
        ),
        migrations.AddField(
            model_name='draft',
            name='agreement',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='agreement.agreement'),
        ),
        migrations.AddField(
            model_name='draft',
            name='edited_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='draft',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='enclosure',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='partykey',
            name='holder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signature',
            name='amendment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agreement.amendment'),
        ),
        migrations.AddField(
            model_name='signature',
            name='draft',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='agreement.draft'),
        ),
        migrations.AddField(
            model_name='signature',
            name='key',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreement.partykey'),
        ),
        migrations.AddField(
            model_name='signature',
            name='scan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreement.enclosure'),
        ),
        migrations.AddField(
            model_name='signature',
            name='seal',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreement.enclosure'),
        ),
        migrations.AddField(
            model_name='signature',
            name='signed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='AmendmentEnd',
            fields=[
                ('amendment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='end', serialize=False, to='agreement.amendment')),
                ('kind', models.CharField(choices=[('accepted', 'Accepted'), ('refused', 'Refused'), ('taken_back', 'Taken back')], max_length=10)),
                ('text', models.TextField(blank=True)),
                ('party', models.CharField(max_length=1)),
                ('ended_at', models.DateTimeField()),
                ('ended_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='amendment',
            constraint=models.UniqueConstraint(fields=('agreement', 'number'), name='amendment_number_once_per_agreement'),
        ),
        migrations.AddConstraint(
            model_name='amendment',
            constraint=models.CheckConstraint(condition=models.Q(('by_party__in', ['a', 'b'])), name='amendment_has_a_proposer'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'dropped'), _negated=True), fields=('number',), name='draft_number_once_unless_dropped'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreement__isnull', False), ('state', 'signed')), models.Q(('agreement__isnull', True), ('state__in', ['open', 'dropped'])), _connector='OR'), name='draft_signed_by_both_is_an_agreement'),
        ),
        migrations.AddConstraint(
            model_name='enclosure',
            constraint=models.CheckConstraint(condition=models.Q(('size__gte', 1)), name='enclosure_is_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='partykey',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['a', 'b'])), name='party_key_has_a_side'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amendment__isnull', True), ('draft__isnull', False)), models.Q(('amendment__isnull', False), ('draft__isnull', True)), _connector='OR'), name='signature_is_under_one_paper'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('draft', 'side', 'digest'), name='draft_signed_once_by_each_side'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('amendment', 'side'), name='amendment_signed_once_by_each_side'),
        ),
        append_only("agreement_enclosure"),
        append_only("agreement_partykey"),
        append_only("agreement_signature"),
        append_only("agreement_amendment"),
        append_only("agreement_amendmentend"),
    ]
