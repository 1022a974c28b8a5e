"""What imports of lists changed of customers, kept while they can be taken back."""

from django.db import models

from shouyue.kernel.masking import Mask
from shouyue.store.personal import Basis, DataClass, Personal, Purpose, Retention, Seer
from shouyue.store.sealed_fields import SealedJson

_EARLIER = Personal(DataClass.IDENTITY, Purpose.RECORDS, Basis.CONTRACT, Retention.UNDO, (Seer.NOBODY,), mask=Mask.ALL)


class ListedChange(models.Model):
    """One customer that an import made or changed, with the earlier values.

    place: kind, country, region, city and both moments before; None for a customer that the import made.
    moments: updated_at, first_attestation_id and first_fields of the person before; None if there was no person.
    person: what was known before, where the import changed it; sealed with the customer's own key.
    after: digest of how the import left the customer: whoever does not stand like that any more was changed since.
    """

    pk = models.CompositePrimaryKey("run_id", "customer_id")
    run_id = models.UUIDField()
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    file_number = models.PositiveSmallIntegerField()
    row_number = models.PositiveIntegerField()
    place = models.JSONField(null=True)
    moments = models.JSONField(null=True)
    person = SealedJson(personal=_EARLIER, subject="customer_id")
    after = models.BinaryField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        # For the nightly end of keeping; rows of a run stand together.
        indexes = (models.Index(fields=["at"], name="listed_change_by_moment"),)

    def __str__(self) -> str:
        return f"{self.file_number}:{self.row_number}"
