"""Lists that left the product as files: who took which list, as it stood under which filters, and when."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id
from shouyue.store.models.saved import QUERY_MAX


class ExportKind(models.TextChoices):
    """What the file is."""

    XLSX = "xlsx", _("Excel")
    CSV = "csv", _("CSV")


class ListExport(models.Model):
    """One export of a list. The record stays; the file goes when it expires.

    listing: the list's name, "purchases.orders". query: its filters and columns, as a view keeps them. language: of
    the heads. rows: None until it is made. fetched_at: when its owner last took the file.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    listing = models.CharField(max_length=60)
    query = models.CharField(max_length=QUERY_MAX, blank=True)
    kind = models.CharField(max_length=4, choices=ExportKind.choices)
    language = models.CharField(max_length=10)
    job = models.UUIDField()
    rows = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["asked_at", "id"], name="export_by_moment")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="export_is_made_whole",
                condition=models.Q(made_at__isnull=True, rows__isnull=True, expires_at__isnull=True)
                | models.Q(made_at__isnull=False, rows__isnull=False, expires_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.kind}"

    @property
    def file_name(self) -> str:
        return f"{self.listing.replace('.', '-')}.{self.kind}"
