"""Imports: which file came in through which mapping, how far it got, and which rows were turned away."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportState(models.TextChoices):
    """Where a run stands. Everything before `done` can be taken up again."""

    CHECKING = "checking", _("checking the file")
    COMMITTING = "committing", _("writing the rows")
    DONE = "done", _("finished")
    REHEARSED = "rehearsed", _("rehearsed, nothing written")
    REFUSED = "refused", _("refused, nothing written")
    FAILED = "failed", _("stopped, can be resumed")
    UNDOING = "undoing", pgettext_lazy("of an import", "being taken back")
    UNDONE = "undone", pgettext_lazy("of an import", "taken back")


class ImportRun(models.Model):
    """One step of a mapping applied to its files. The id is derived from both: the same files find their run again.

    files: [{"name", "digest", "rows", "columns"}] in the order in which they are read; the last two once checked.
    claim: the process that works on the run; whoever starts or resumes it replaces the claim, and the one before
    stops at its next batch. cursor_*: the last customer and group that are written.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    mapping = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    files = models.JSONField()
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=64)
    is_rehearsal = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=ImportState.choices)
    claim = models.UUIDField()
    rows_total = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    cursor_customer_id = models.UUIDField(null=True)
    cursor_group_id = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=80)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["started_at", "id"], name="import_run_by_start")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="finished_import_adds_up",
                condition=~Q(state__in=[ImportState.DONE, ImportState.REHEARSED])
                | Q(rows_total=F("created") + F("updated") + F("unchanged") + F("rejected")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.mapping}/{self.step} {self.id}"

    @property
    def is_finished(self) -> bool:
        return self.state in {ImportState.DONE, ImportState.REHEARSED}

    @property
    def is_taken_back(self) -> bool:
        return self.state in {ImportState.UNDOING, ImportState.UNDONE}


class ImportRejection(models.Model):
    """A row that was turned away, with what is needed to say why in the reader's language and to correct it.

    file_number: position in the run's files, from 0. row_number: data rows of that file, from 1.
    code: key of the reason (`store.imports.reasons`). value: what stood in the column, shortened. details: more that
    the reason's sentence names.
    cells: the whole row as text, in the order of the file's columns, for the file of rejected rows.
    """

    pk = models.CompositePrimaryKey("run_id", "file_number", "row_number")
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejections", db_index=False)
    file_number = models.PositiveSmallIntegerField()
    row_number = models.PositiveIntegerField()
    column = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    value = models.CharField(max_length=200)
    details = models.JSONField(default=dict)
    cells = models.JSONField()

    def __str__(self) -> str:
        return f"{self.file_number}:{self.row_number} {self.code}"


class StagedRow(models.Model):
    """A checked row that waits to be written. Unlogged: after a crash of the database the check is done again.

    The key is also the order of writing: customer, then what belongs together (an order), then the file's order.
    """

    pk = models.CompositePrimaryKey("run_id", "customer_id", "group_id", "file_number", "row_number")
    run = models.ForeignKey(
        ImportRun, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    customer_id = models.UUIDField()
    group_id = models.UUIDField()
    file_number = models.PositiveSmallIntegerField()
    row_number = models.PositiveIntegerField()
    payload = models.TextField()

    def __str__(self) -> str:
        return f"{self.file_number}:{self.row_number}"


class ImportUndo(models.Model):
    """Taking an import back, or a rehearsal of that. The counts are of rows that the import had created or updated.

    restored: have their earlier values again. removed: are gone. kept: stay as they are, see ImportKept. untouched:
    the import had changed nothing for them, so there is nothing to take back.
    cursor: the last customer whose records are decided. job: that works on it. foreseen: what upper rooms counted in a
    rehearsal, see contributions.consequences.
    """

    run = models.OneToOneField(ImportRun, primary_key=True, on_delete=models.CASCADE, related_name="undo")
    is_rehearsal = models.BooleanField()
    restored = models.BigIntegerField(default=0)
    removed = models.BigIntegerField(default=0)
    kept = models.BigIntegerField(default=0)
    untouched = models.BigIntegerField(default=0)
    foreseen = models.JSONField(default=dict)
    cursor = models.UUIDField(null=True)
    job = models.UUIDField()
    by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.run_id}"

    @property
    def is_rehearsed(self) -> bool:
        """Whether its rehearsal is through and nothing more has begun."""
        return self.is_rehearsal and self.finished_at is not None

    @property
    def is_done(self) -> bool:
        return not self.is_rehearsal and self.finished_at is not None


class KeptReason(models.TextChoices):
    """Why an undo leaves a record as it is."""

    EDITED = "edited", _("Somebody changed it after the import.")
    USED = "used", _("It was used since: there are purchases, answers, points, a confirmation or other records of it.")
    RETURNED = "returned", _("Goods of it came back since: a return that the import did not bring undoes it.")


class ImportKept(models.Model):
    """A record that the undo of an import leaves as it is.

    subject_id: of the record. row_number: its first row; 0 where only rows of other records named it. label: the
    number of an order; empty where the record is the customer.
    """

    pk = models.CompositePrimaryKey("run_id", "subject_id")
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject_id = models.UUIDField()
    customer_id = models.UUIDField()
    file_number = models.PositiveSmallIntegerField()
    row_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=10, choices=KeptReason.choices)
    label = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "file_number", "row_number"], name="kept_by_row")]
        constraints: ClassVar = [
            models.CheckConstraint(name="kept_reason_is_known", condition=Q(reason__in=KeptReason.values))
        ]

    def __str__(self) -> str:
        return f"{self.file_number}:{self.row_number} {self.reason}"
