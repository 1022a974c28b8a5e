"""Records of quality: the monthly audits of accuracy, and what members ask to correct."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id
from shouyue.kernel.masking import Mask
from shouyue.store.personal import Basis, DataClass, Personal, Purpose, Retention, Seer
from shouyue.store.sealed_fields import SealedJson, SealedText


def _declared() -> Personal:
    seen_by = (Seer.SERVING, Seer.SUPPORT)
    return Personal(DataClass.CONTACT, Purpose.RECORDS, Basis.CONTRACT, Retention.AGREEMENT, seen_by, Mask.ALL)


class AccuracyAudit(models.Model):
    """One month's check of a sample of records against the customers themselves.

    commitment: fixes seed and size before the draw; the seed is shown once it was drawn. results: counts by field,
    written when the audit is closed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.DateField(_("month"), unique=True)
    size = models.PositiveIntegerField(_("size of the sample"))
    seed = models.CharField(max_length=64)
    commitment = models.CharField(_("commitment"), max_length=64)
    committed_at = models.DateTimeField(_("committed"))
    drawn_at = models.DateTimeField(_("drawn"), null=True)
    population = models.PositiveIntegerField(_("customers to draw from"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    results = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="audit_committed_drawn_closed_in_order",
                condition=(models.Q(drawn_at__isnull=True) | models.Q(drawn_at__gt=models.F("committed_at")))
                & (models.Q(closed_at__isnull=True) | models.Q(closed_at__gte=models.F("drawn_at"))),
            ),
            models.CheckConstraint(name="audit_of_a_whole_month", condition=models.Q(month__day=1)),
            models.CheckConstraint(name="audit_samples_somebody", condition=models.Q(size__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class AuditItem(models.Model):
    """One customer of a sample. place: on the sheet. frozen: the values at the draw, by field, so that nobody mends
    them before the call. verdicts: by field right, wrong or silent; empty until the call."""

    audit = models.ForeignKey(AccuracyAudit, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveIntegerField()
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    stratum = models.CharField(max_length=20)
    frozen = SealedJson(personal=_declared(), subject="customer_id")
    verdicts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audit", "place"], name="audit_item_once_per_place"),
            models.UniqueConstraint(fields=["audit", "customer"], name="audit_item_once_per_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.place}"


class CorrectionState(models.TextChoices):
    """What became of a request. replaced: the customer asked anew for the same field."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    REPLACED = "replaced", _("replaced by a later request")


class CorrectionRequest(models.Model):
    """A customer says that a value of theirs is another one; staff accept or refuse it. id: the idempotency key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    field = models.CharField(_("field"), max_length=12)
    value = SealedText(_("value"), personal=_declared(), subject="customer_id")
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.CharField(_("by"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=CorrectionState.choices, default=CorrectionState.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=models.Q(state="open"), name="correction_open_by_age")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "field"], condition=models.Q(state="open"), name="correction_open_once_per_field"
            ),
            models.CheckConstraint(
                name="correction_decided_when_not_open",
                condition=models.Q(state="open", decided_at__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="correction_of_governed_field",
                condition=models.Q(field__in=["name", "phone", "email", "address", "birthday"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.state}"
