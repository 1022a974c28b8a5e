"""What stands behind values: who says that they are so, since when, and how it was verified."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id
from shouyue.store.hot import HotRecord


class Method(models.TextChoices):
    """How a value was verified; `told`: it was not."""

    TOLD = "told", _("told, not verified")
    MEMBER = "member", _("confirmed by the customer")
    DOCUMENT = "document", _("seen in a document")
    CALL = "call", _("confirmed in a call")
    DELIVERED = "delivered", _("a message was delivered")


class Attestation(models.Model):
    """Who says that values are so, and since when: one row for a whole import or batch. Append-only.

    id: the key of what was done, so that it is written once. source, evidence: names and references, no values.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(_("source"), max_length=40)
    method = models.CharField(_("method"), max_length=12, choices=Method.choices)
    asserted_at = models.DateTimeField(_("asserted"))
    verified_at = models.DateTimeField(_("verified"), null=True)
    by = models.CharField(_("by"), max_length=80, blank=True)
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="attestation_verified_by_a_method",
                condition=models.Q(method="told", verified_at__isnull=True)
                | models.Q(method__in=["member", "document", "call", "delivered"], verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="attestation_verified_before_recorded",
                condition=models.Q(verified_at__isnull=True) | models.Q(verified_at__lte=models.F("asserted_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.method}"


class ValueAttestation(HotRecord):
    """An attestation of one value beside the main ones: a second phone, a WeChat id, a card. Append-only.

    value_key: a keyed digest of customer and value (queries.py); nobody without the key can tell the value by it.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    value_key = models.UUIDField()
    attestation = models.ForeignKey("customers.Attestation", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("recorded"))

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class FieldAttestation(HotRecord):
    """An attestation of one field of one customer, beside what came with the first record. Append-only.

    at: when our record took it in. is_change: the value became another one; otherwise it was confirmed as it was.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    field = models.CharField(_("field"), max_length=12)
    attestation = models.ForeignKey("customers.Attestation", on_delete=models.PROTECT, related_name="+", db_index=False)
    is_change = models.BooleanField()
    at = models.DateTimeField(_("recorded"))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="field_attestation_of_governed_field",
                condition=models.Q(field__in=["name", "phone", "email", "address", "birthday"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.at:%Y-%m-%d}"
