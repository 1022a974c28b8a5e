from django.db import migrations

from shouyue.store.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("scoreboard", "0001_measures")]

    operations = [append_only("scoreboard_measureresult")]
