"""Readings of the effect: what was counted on a day."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id


class EffectReading(models.Model):
    """What one measuring counted. Append-only. content: see `queries.EffectView`; counts only, no person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measured_at = models.DateTimeField(_("measured"))
    until = models.DateField(_("records until"))
    content = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-measured_at", "-id"]

    def __str__(self) -> str:
        return f"{self.until}"
