"""Households, and what customers are to each other."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id


class RelationKind(models.TextChoices):
    """What `one` is to `other`."""

    SPOUSE = "spouse", _("spouse of")
    PARENT = "parent", _("parent of")
    SIBLING = "sibling", _("brother or sister of")
    KIN = "kin", _("relative of")
    WORKS_AT = "works_at", _("works at")
    CONTACT_OF = "contact_of", _("contact of")
    PARENT_COMPANY = "parent_company", _("parent company of")


class Relation(models.Model):
    """`one` is spouse, parent … of `other`, or works there; of a mutual relation `one` has the smaller id.

    ended_at: since when it does not count any more; it stays on record.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    one = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("relation"), max_length=16, choices=RelationKind.choices)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["one", "other", "kind"], condition=Q(ended_at__isnull=True), name="relation_stands_once"
            ),
            models.CheckConstraint(condition=~Q(one=F("other")), name="relation_to_another"),
            models.CheckConstraint(condition=Q(kind__in=RelationKind.values), name="relation_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Household(models.Model):
    """Customers who live together."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return str(self.pk)


class HouseholdMember(models.Model):
    """That a customer belongs to a household, until they leave it. A household has one head at most."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey("customers.Household", on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    is_head = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    joined_by = models.CharField(max_length=80)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(left_at__isnull=True), name="customer_in_one_household"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(left_at__isnull=True, is_head=True), name="household_has_one_head"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
