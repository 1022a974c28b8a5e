"""What was done for a dated duty, as the party that owes it filed it. Append-only: a correction is a further filing."""

from django.db import models

from shouyue.kernel.ids import new_id


class Filing(models.Model):
    """One statement of a party: this duty, due on this day, was done on that day, and here is the proof.

    evidence: a link to what proves it, "" when the words must do. Several filings may speak of one due day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    obligation = models.ForeignKey("agreement.Obligation", on_delete=models.PROTECT, related_name="filings")
    due_on = models.DateField()
    done_on = models.DateField()
    what = models.TextField()
    evidence = models.URLField(max_length=500, blank=True)
    filed_by = models.ForeignKey("store.Staff", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        ordering = ["due_on", "filed_at", "id"]
        constraints = [models.CheckConstraint(condition=~models.Q(what=""), name="filing_says_what_was_done")]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.due_on}"
