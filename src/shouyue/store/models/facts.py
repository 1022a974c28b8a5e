"""The facts outbox: what happened, appended in the transaction that made it happen, then given a position.

`Fact` and `FactPosition` are append-only: the role that serves has no UPDATE or DELETE on them.
"""

from django.db import models


class Fact(models.Model):
    """One thing that happened. Written by `facts.announce`, never changed."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    subject_id = models.UUIDField(null=True)
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class PendingFact(models.Model):
    """A fact that has no position yet; the sequencer removes it when it gives one.

    The id comes from the database's own counter, so it follows cause across machines whose clocks disagree:
    who has seen a fact announces with a larger id. Facts that rolled back leave gaps in it, not in positions.
    """

    id = models.BigAutoField(primary_key=True)
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class FactPosition(models.Model):
    """The gapless place of a committed fact in the one order that every reader follows."""

    position = models.BigIntegerField(primary_key=True)
    fact = models.OneToOneField(Fact, on_delete=models.PROTECT, db_constraint=False, related_name="placed")

    def __str__(self) -> str:
        return str(self.position)


class FactHead(models.Model):
    """One row: the last position given. Sequencers take turns on its lock."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="fact_head_is_one_row")]

    def __str__(self) -> str:
        return str(self.position)


class FactReader(models.Model):
    """How far one reader (a reaction, webhooks, evidence …) has come, and what stopped it, if anything."""

    name = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.position}"
