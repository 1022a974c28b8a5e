"""Previews of drafts: what was asked, and what came out."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id


class Preview(models.Model):
    """A draft reckoned on past purchases. content: the draft as it was then; result: None until it is done.

    base: the version that counted. share: of the members that were looked at. with_coming: what had not begun
    counted on every day. result: `rules.tally.Tally.told`; examples name customers and orders.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.JSONField()
    base = models.PositiveIntegerField(_("version"))
    first = models.DateField(_("from"))
    last = models.DateField(_("until"))
    share = models.FloatField(default=1.0)
    with_coming = models.BooleanField(default=True)
    members = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.CharField(max_length=60)
    done_at = models.DateTimeField(_("done"), null=True)
    result = models.JSONField(null=True)
    job = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="preview_ends_after_it_begins", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(name="preview_share_is_a_share", condition=Q(share__gt=0, share__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.first} {self.last}"
