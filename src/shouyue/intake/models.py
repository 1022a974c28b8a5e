"""Files that people brought in for an import, and the mappings of columns that were chosen for them."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouyue.intake.rules.fields import TARGETS
from shouyue.store.models import Party


class Target(models.TextChoices):
    """Which kind of records a file holds."""

    ORDERS = "orders", _("orders and returns, one row for each line")
    CUSTOMERS = "customers", _("a list of customers")
    ANSWERS = "answers", _("answers to the satisfaction survey")


class Reading(models.Model):
    """How a file is read. columns: field name -> column of the file. *_style: keys of `rules.writings`."""

    target = models.CharField(max_length=12, choices=Target.choices, blank=True, default="")
    sheet = models.CharField(max_length=120, blank=True, default="")
    columns = models.JSONField(default=dict)
    day_style = models.CharField(max_length=8, default="iso")
    amount_style = models.CharField(max_length=8, default="plain")
    currency = models.CharField(max_length=3, default="CNY")
    zone = models.CharField(max_length=64, default="Asia/Shanghai")

    class Meta:
        abstract = True


class Upload(Reading):
    """One file on its way in. Its bytes lie in a private folder until they are imported, dropped or a week old.

    party: whose staff may go on with it. *_job: the background jobs; *_run: the records of imports that they keep.
    removed_at: the file's bytes are gone since then; what is recorded here stays.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    party = models.CharField(max_length=8, choices=Party.choices)
    by = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField()
    rehearsal_job = models.UUIDField(null=True)
    rehearsal_run = models.UUIDField(null=True)
    import_job = models.UUIDField(null=True)
    import_run = models.UUIDField(null=True)
    imported_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["uploaded_at"], name="upload_with_file", condition=Q(removed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chosen(self) -> list[str]:
        """The fields that a column was chosen for, in the order of the target: JSON keeps none."""
        return [field.name for field in TARGETS[self.target] if field.name in self.columns]

    @property
    def folder(self) -> Path:
        return uploads_folder() / str(self.pk)

    @property
    def path(self) -> Path:
        return self.folder / self.name


class ImportMapping(Reading):
    """The reading that people of a party last chose for files with these columns; proposed next time.

    signature: of the columns' names, see `rules.proposing.signature`.
    """

    signature = models.CharField(max_length=64)
    party = models.CharField(max_length=8, choices=Party.choices)
    file_name = models.CharField(max_length=120)
    by = models.CharField(max_length=80)
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["signature", "party"], name="mapping_once_for_these_columns")
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.file_name}"


def uploads_folder() -> Path:
    """Where the bytes of uploads lie, readable by the product alone; made when it is missing."""
    if settings.FILES_FOLDER is None:
        raise ImproperlyConfigured("SHOUYUE_FILES is not set; the commands that serve set it")
    folder: Path = settings.FILES_FOLDER / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
