"""A table of people for the tests of sealed columns, outside the product's own models."""

from django.db import connection, models
from django.test.utils import isolate_apps

from shouyue.kernel.ids import new_id
from shouyue.kernel.masking import Mask
from shouyue.store.personal import Basis, DataClass, Personal, Purpose, Retention, Seer
from shouyue.store.sealed_fields import SealedDate, SealedJson, SealedText


def declared(data_class: DataClass, mask: Mask) -> Personal:
    return Personal(data_class, Purpose.RECORDS, Basis.CONTRACT, Retention.AGREEMENT, (Seer.SERVING,), mask)


# In a registry of its own, so that checks of the product's models do not see it.
with isolate_apps("shouyue.store"):

    class Someone(models.Model):
        """A person with every kind of sealed column."""

        id = models.UUIDField(primary_key=True, default=new_id)
        name = SealedText(personal=declared(DataClass.IDENTITY, Mask.NAME))
        phone = SealedText(personal=declared(DataClass.CONTACT, Mask.PHONE))
        email = SealedText(personal=declared(DataClass.CONTACT, Mask.EMAIL))
        address = SealedText(personal=declared(DataClass.CONTACT, Mask.ADDRESS))
        born_on = SealedDate(personal=declared(DataClass.PROFILE, Mask.BIRTHDAY))
        notes = SealedJson(personal=declared(DataClass.SENSITIVE, Mask.ALL))

        class Meta:
            app_label = "store"
            db_table = "someone"

        def __str__(self) -> str:
            return f"{self.name} {self.phone}"


COLUMNS = "id uuid PRIMARY KEY, name bytea, phone bytea, email bytea, address bytea, born_on bytea, notes bytea"


def make_table() -> None:
    """For this connection only; a temporary table is the one kind that the role which serves may make."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE someone ({COLUMNS})")
