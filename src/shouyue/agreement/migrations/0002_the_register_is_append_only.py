"""What was signed is never rewritten: the register and the schedule are append-only."""

from django.db import migrations

from shouyue.store.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("agreement", "0001_the_contract")]

    operations = [
        append_only("agreement_phase"),
        append_only("agreement_clause"),
        append_only("agreement_definition"),
        append_only("agreement_obligation"),
        append_only("agreement_target"),
    ]
