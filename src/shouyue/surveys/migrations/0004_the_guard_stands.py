from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_drawn_waves")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO surveys_askingguard (id) VALUES (1) ON CONFLICT DO NOTHING", migrations.RunSQL.noop
        )
    ]
