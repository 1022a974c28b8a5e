"""Who looked up whether a customer is there already: a record of access, never of what was typed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from shouyue.kernel.ids import new_id


class CustomerLookup(models.Model):
    """One look-up before creating. Append-only. kinds: of values that were given; found: customers that were shown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    kinds = ArrayField(models.CharField(max_length=12))
    found = ArrayField(models.UUIDField())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["by", "at"], name="lookup_by_whom")]

    def __str__(self) -> str:
        return f"{self.pk}"
