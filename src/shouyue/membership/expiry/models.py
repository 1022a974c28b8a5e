"""What members are told about points that are about to expire."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouyue.store.hot import HotRecord


class ExpiryNotice(HotRecord):
    """A member is to be told that points expire. Append-only; its id is of the last day and the stage, so once each.

    stage: 30, 7 or 1 days before. points: that were left on `noticed_on`. batch_id: of its `ExpiryNoticed`.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    expires_on = models.DateField(_("last day"))
    stage = models.PositiveSmallIntegerField(_("days before"))
    points = models.PositiveBigIntegerField(_("points"))
    noticed_on = models.DateField(_("noticed"))
    noticed_at = models.DateTimeField(_("noticed"))
    batch_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="notice_has_points", condition=Q(points__gt=0)),
            models.CheckConstraint(name="notice_stage_is_known", condition=Q(stage__in=[30, 7, 1])),
        ]

    def __str__(self) -> str:
        return f"{self.expires_on} {self.points}"
