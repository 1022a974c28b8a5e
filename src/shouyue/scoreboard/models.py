"""What was measured, when and by which definition: every result stays as it was computed."""

from django.db import models

from shouyue.kernel.ids import new_id


class MeasureResult(models.Model):
    """One measure of one quarter. A recomputation that finds other figures adds a version; nothing is overwritten."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="+")
    measure = models.SlugField(max_length=40)
    period = models.CharField(max_length=6)
    version = models.PositiveSmallIntegerField()
    definition_version = models.PositiveSmallIntegerField()
    as_of = models.DateField()  # the day up to which the records were complete when this was computed
    basis = models.CharField(max_length=10)  # sample, as_found or census: what the judgement may claim
    asked = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    threshold_bp = models.PositiveIntegerField(null=True)  # basis points: 9000 = 90 %
    alpha_bp = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=14)
    decision = models.CharField(max_length=14)
    literal = models.CharField(max_length=14)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    extra_needed = models.PositiveIntegerField(null=True)
    details = models.JSONField(default=dict)  # sensitivity to the definition, response counts
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ("measure", "period", "-version")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "measure", "period", "version"], name="measure_result_version_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kept__lte=models.F("asked")), name="measure_result_kept_of_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.period} v{self.version}"


class MeasureBook(models.Model):
    """One row for each agreement: whoever computes its measures holds this row's lock."""

    agreement = models.OneToOneField(
        "agreement.Agreement", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    as_of = models.DateField(null=True)
    computed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)
