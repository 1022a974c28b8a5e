from django.db import migrations

from shouyue.store.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_answers")]

    operations = [append_only("surveys_invitation"), append_only("surveys_response")]
