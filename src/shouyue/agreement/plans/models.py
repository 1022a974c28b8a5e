"""The plans of annexes 1 and 2: versions that the other party confirms, and what was delivered. Append-only."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.plans.rules.measures import PlannedMeasure
from shouyue.kernel.ids import new_id


class PlanVersion(models.Model):
    """One version of a plan; it holds once the other party confirmed it. measures: PlannedMeasure's fields, each."""

    class Annex(models.IntegerChoices):
        RELATIONS = 1, _("Annex 1: Plan for customer relationship management")
        LOYALTY = 2, _("Annex 2: Plan for loyalty")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="plans")
    annex = models.PositiveSmallIntegerField(choices=Annex.choices)
    version = models.PositiveSmallIntegerField()
    goals = models.TextField()
    measures: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField()
    by_party = models.CharField(max_length=1)
    proposed_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ["annex", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "annex", "version"], name="plan_version_once_per_annex"),
            models.CheckConstraint(condition=models.Q(annex__in=[1, 2]), name="plan_is_of_a_known_annex"),
            models.CheckConstraint(condition=models.Q(by_party__in=["a", "b"]), name="plan_is_proposed_by_a_party"),
        ]

    def __str__(self) -> str:
        return f"{self.annex} v{self.version}"

    def as_measures(self) -> list[PlannedMeasure]:
        return [PlannedMeasure(**values) for values in self.measures]


class PlanConfirmation(models.Model):
    """The other party's word that a version holds."""

    plan = models.OneToOneField(
        "agreement.PlanVersion", on_delete=models.PROTECT, primary_key=True, related_name="confirmation"
    )
    confirmed_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.plan_id)


class PlanDelivery(models.Model):
    """A party's statement that a measure was delivered; several may speak of one measure, the first day counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="plan_deliveries")
    annex = models.PositiveSmallIntegerField(choices=PlanVersion.Annex.choices)
    key = models.CharField(max_length=40)
    done_on = models.DateField()
    what = models.TextField()
    evidence = models.URLField(max_length=500, blank=True)
    filed_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        ordering = ["filed_at", "id"]
        constraints = [models.CheckConstraint(condition=~models.Q(what=""), name="delivery_says_what_was_done")]

    def __str__(self) -> str:
        return f"{self.annex} {self.key}"
