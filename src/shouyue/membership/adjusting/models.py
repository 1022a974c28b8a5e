"""Corrections of points by hand."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouyue.kernel.ids import new_id


class Adjustment(models.Model):
    """A correction by hand. One person asks, another decides; only then do points move."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    points = models.BigIntegerField()
    why = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    is_approved = models.BooleanField(null=True)

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="adjustment_changes_something", condition=~Q(points=0)),
            models.CheckConstraint(name="adjustment_needs_two_people", condition=~Q(decided_by=F("asked_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.points:+d}"
