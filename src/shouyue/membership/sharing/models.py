"""Who shares points with a household."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PoolMember(models.Model):
    """A member's consent that a household draws on their points. No row, no consent; leaving removes it.

    cap_points: at most so many in a calendar month.
    """

    customer = models.OneToOneField("customers.Customer", primary_key=True, on_delete=models.PROTECT, related_name="+")
    pool_id = models.UUIDField(db_index=True)
    cap_points = models.PositiveBigIntegerField(_("at most in a month"))
    consented_at = models.DateTimeField(_("since"))
    consented_by = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="pool_cap_is_not_negative", condition=Q(cap_points__gte=0))
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}"
