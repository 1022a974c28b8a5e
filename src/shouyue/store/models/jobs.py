"""Jobs: what runs in the background, how far it is, how it ended; and when scheduled jobs were last due."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id


class JobState(models.TextChoices):
    """Where a run stands. The last three are ends; a person may start failed and cancelled ones again."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


BY_SCHEDULE = "schedule"  # who asked for a scheduled run
UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class JobRun(models.Model):
    """One run of a job: the truth about it, whichever engine carries it to a worker.

    name: of the job that the code declares. arguments: its keyword arguments, in JSON's own types.
    key: the same key is the same run. next_at: not before this moment. claim: the attempt that works on the run;
    whoever takes it up replaces the claim, and the one before can write nothing more.
    attempts: how often it was started. failures: how many of those ended in an error. losses: how many workers
    vanished from it since a chunk was last written.
    cursor: how far the job's effects are written. done, total: for people; total 0 means unknown. rate: per second.
    message: an English sentence of the catalogue, message_values fill its places.
    error: what went wrong last, by language code; under "" when only programmers have words for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True, unique=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    by = models.CharField(max_length=80)
    enqueued_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    cancel_by = models.CharField(max_length=80, default="")
    claim = models.UUIDField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)
    cursor = models.JSONField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    rate = models.FloatField(default=0)
    message = models.CharField(max_length=200, default="")
    message_values = models.JSONField(default=dict)
    error = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name"], condition=Q(state__in=["waiting", "running"]), name="unfinished_job_run")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_run_state_is_known"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) ^ Q(state__in=["done", "failed", "cancelled"]),
                name="ended_job_run_has_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    def error_in(self, language: str) -> str:
        """What went wrong, in that language if there are words for it; "" if nothing did."""
        return str(self.error.get(language) or self.error.get("") or "")


class JobSchedule(models.Model):
    """The last tick of a scheduled job that was dealt with. A new row begins at the moment of its making."""

    name = models.CharField(max_length=60, primary_key=True)
    ticked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
