import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import shouyue.kernel.ids


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0006_members_at_the_portal'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('form', models.CharField(max_length=120)),
                ('key_id', models.CharField(max_length=16)),
                ('box', models.BinaryField()),
                ('saved_at', models.DateTimeField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'form'), name='draft_once_per_owner_and_form')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.UUIDField(default=shouyue.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('listing', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=40)),
                ('query', models.CharField(blank=True, max_length=2000)),
                ('is_shared', models.BooleanField(default=False)),
                ('saved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('listing', 'owner', 'name'), name='view_name_once_per_list_and_owner'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='view_has_a_name')],
            },
        ),
    ]
