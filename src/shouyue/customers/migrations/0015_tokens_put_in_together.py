from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

# Without building it anew: what an import of people writes waits in a list and is put into the index together.
SET = "ALTER INDEX person_by_token SET (fastupdate = on, gin_pending_list_limit = 2048)"
BACK = "ALTER INDEX person_by_token SET (fastupdate = off)"
BACK_TO_DEFAULT = "ALTER INDEX person_by_token RESET (gin_pending_list_limit)"


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0014_households_and_relations'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SET, [BACK, BACK_TO_DEFAULT])],
            state_operations=[
                migrations.RemoveIndex(model_name='person', name='person_by_token'),
                migrations.AddIndex(
                    model_name='person',
                    index=GinIndex(
                        fields=['tokens'], name='person_by_token', fastupdate=True, gin_pending_list_limit=2048
                    ),
                ),
            ],
        ),
    ]
