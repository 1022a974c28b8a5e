"""Files that a party adds to the contract's records: seals, signed scans, papers of a dispute. Append-only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id


class Enclosure(models.Model):
    """One file as it was brought in; sha256 of its bytes, in hexadecimal, names it for good."""

    class Kind(models.TextChoices):
        PNG = "image/png", _("PNG image")
        JPEG = "image/jpeg", _("JPEG image")
        PDF = "application/pdf", _("PDF document")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    party = models.CharField(max_length=8)
    added_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.CheckConstraint(condition=models.Q(size__gte=1), name="enclosure_is_not_empty")]

    def __str__(self) -> str:
        return self.name
