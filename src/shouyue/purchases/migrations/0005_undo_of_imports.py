
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('purchases', '0004_lines_point_to_products'),
    ]

    operations = [
        migrations.CreateModel(
            name='NamedEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('run_id', 'kind', 'entry_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('run_id', models.UUIDField()),
                ('kind', models.CharField(choices=[('product', 'Product'), ('store', 'Store'), ('channel', 'Channel')], max_length=10)),
                ('entry_id', models.UUIDField()),
                ('is_new', models.BooleanField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['product', 'store', 'channel'])), name='named_entry_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='OrderChange',
            fields=[
                ('pk', models.CompositePrimaryKey('run_id', 'customer_id', 'order_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('run_id', models.UUIDField()),
                ('customer_id', models.UUIDField()),
                ('order_id', models.UUIDField()),
                ('file_number', models.PositiveSmallIntegerField()),
                ('row_number', models.PositiveIntegerField()),
                ('rows', models.PositiveIntegerField()),
                ('batch_id', models.UUIDField()),
                ('before', models.JSONField(null=True)),
                ('known_returns', models.JSONField()),
                ('at', models.DateTimeField()),
                ('undone_by', models.UUIDField(null=True)),
                ('placed_at', models.DateTimeField(null=True)),
                ('source', models.CharField(max_length=40)),
                ('currency', models.CharField(max_length=3)),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='order_change_by_moment'), models.Index(condition=models.Q(('undone_by__isnull', False)), fields=['undone_by'], name='order_change_by_undo')],
            },
        ),
    ]
