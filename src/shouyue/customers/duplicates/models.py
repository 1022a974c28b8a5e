"""Pairs of records that may be one person, and which records were merged."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id


class MatchState(models.TextChoices):
    """What a person decided of a pair."""

    OPEN = "open", _("to be looked at")
    MERGED = "merged", _("merged")
    DISMISSED = "dismissed", _("not a duplicate")


class Match(models.Model):
    """Two records that may be one person; `one` has the smaller id.

    id: of the pair, so that it scatters: the queue in the order of ids is in random order, and what was looked at
    stands for the rest. weight: of the evidence, in bits. evidence: by comparison, what agreed (rules/chinese.py), no
    values. weights: by comparison, what it adds to the weight; the rest is how likely any two records are.
    found_at: by the latest run that found it. "Not a duplicate" outlives every run.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    one = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField(_("probability"))
    weight = models.FloatField(_("weight"))
    evidence = models.JSONField()
    weights = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=MatchState.choices, default=MatchState.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="match_by_state"),
            models.Index(fields=["state", "probability", "id"], name="match_by_probability"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="match_once_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="match_is_ordered"),
            models.CheckConstraint(condition=Q(state__in=["open", "merged", "dismissed"]), name="match_state_is_known"),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1), name="match_probability_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Merging(models.Model):
    """One merge: `merged` is the same person as `survivor`, until it is taken back. No row moves (decision 0009).

    match: the pair that this decided, if there was one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    survivor = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    merged = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    match = models.ForeignKey("customers.Match", null=True, on_delete=models.SET_NULL, related_name="+")
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at__isnull=True), name="merged_into_one"),
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="merged_into_another"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None
