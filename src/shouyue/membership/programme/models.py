"""Records of the programme: its versions, and awards with their reasons."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id
from shouyue.store.hot import HotRecord


class ProgrammeVersion(models.Model):
    """Tiers, earn rules, referral and benefits as one text that is published whole. Without `version`: the draft.

    content: read by `rules.content`. Published versions are never changed; decisions name the one they followed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(_("version"), unique=True, null=True)
    is_draft = models.BooleanField(default=True)
    content = models.JSONField()
    starts_on = models.DateField(_("from"), null=True)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.CharField(max_length=60)
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="version_is_published_whole",
                condition=Q(is_draft=True, version__isnull=True, starts_on__isnull=True, published_at__isnull=True)
                | Q(is_draft=False, version__isnull=False, starts_on__isnull=False, published_at__isnull=False),
            ),
            models.UniqueConstraint(fields=["is_draft"], condition=Q(is_draft=True), name="one_draft_of_the_programme"),
        ]

    def __str__(self) -> str:
        return f"{self.version or '–'}"

    @property
    def number(self) -> int:
        """Of a published version; 0 for the draft."""
        return self.version or 0


class Award(HotRecord):
    """Points that the programme gave, and why. Append-only; its id is that of the ledger's transfer.

    parts: [source, key, points, amount_fen, factor] each; see `rules.earning.Part`.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    occasion = models.CharField(_("occasion"), max_length=20)
    on = models.DateField(_("day"))
    points = models.PositiveIntegerField(_("points"))
    parts = models.JSONField()
    order_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(_("version"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="award_has_points", condition=Q(points__gt=0))]

    def __str__(self) -> str:
        return f"{self.occasion} {self.points}"


class Closing(models.Model):
    """The budget of a rule or campaign was used up: `last_on` is its last day, and what it gave until then stands.

    By days, not by purchases: what an order of that day earns comes out the same whenever it is reckoned again.
    """

    key = models.CharField(primary_key=True, max_length=60)
    last_on = models.DateField(_("last day"))
    budget = models.PositiveBigIntegerField(_("budget"))
    used = models.PositiveBigIntegerField(_("used"))
    closed_at = models.DateTimeField(_("closed"))

    def __str__(self) -> str:
        return f"{self.key} {self.last_on}"
