"""Material facts that a party owes the other one, and when they were told. Append-only."""

from django.db import models

from shouyue.kernel.ids import new_id


class Disclosure(models.Model):
    """A fact that `owed_by` owes the other party since the day it knew of it. due_on: fixed when it was noted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="disclosures")
    number = models.PositiveSmallIntegerField()
    owed_by = models.CharField(max_length=1)
    fact = models.TextField()
    known_on = models.DateField()
    due_on = models.DateField()
    noted_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="disclosure_number_once_per_agreement"),
            models.CheckConstraint(condition=models.Q(owed_by__in=["a", "b"]), name="disclosure_is_owed_by_a_party"),
            models.CheckConstraint(condition=models.Q(due_on__gt=models.F("known_on")), name="disclosure_has_time"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.owed_by}"


class DisclosureTold(models.Model):
    """The words in which the fact was told; a correction is a further disclosure."""

    disclosure = models.OneToOneField(
        "agreement.Disclosure", on_delete=models.PROTECT, primary_key=True, related_name="told"
    )
    told_on = models.DateField()
    text = models.TextField()
    evidence = models.URLField(max_length=500, blank=True)
    told_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.disclosure_id} {self.told_on}"
