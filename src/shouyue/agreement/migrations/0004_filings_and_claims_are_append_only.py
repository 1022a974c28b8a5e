"""What a party filed, claimed or answered is never rewritten."""

from django.db import migrations

from shouyue.store.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("agreement", "0003_duties_filed_and_claims")]

    operations = [
        append_only("agreement_filing"),
        append_only("agreement_claim"),
        append_only("agreement_claimstep"),
    ]
