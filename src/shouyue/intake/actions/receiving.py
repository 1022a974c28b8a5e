"""Receiving a file, choosing how it is read, dropping it."""

import re
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from shouyue.intake.actions.carrying import UploadClosedError, import_upload, remove_file
from shouyue.intake.models import ImportMapping, Upload
from shouyue.intake.queries import Look, look_at
from shouyue.intake.rules import proposing
from shouyue.kernel.ids import new_id
from shouyue.store.jobs import cancel, enqueue
from shouyue.store.models import JobRun, JobState

_NAME_MAX = 100
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")


class NotRehearsedError(Exception):
    """Nothing is imported before its dry run came through."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How the reader wants the file read; see `models.Reading`."""

    target: str
    sheet: str
    columns: Mapping[str, str]
    day_style: str
    amount_style: str
    currency: str
    zone: str


def receive(file: Path, *, name: str, by: str, party: str, at: datetime) -> Upload:
    """Take over a file that was just received and look whether it is a table. The file at `file` is gone afterwards.

    Raises FileRefusedError; then nothing is kept.
    """
    upload = Upload(id=new_id(), name=_safe(name), size=file.stat().st_size, party=party, by=by, uploaded_at=at)
    upload.folder.mkdir(mode=0o700)
    try:
        file.replace(upload.path)
        look_at(upload)
        upload.save(force_insert=True)
    except BaseException:
        shutil.rmtree(upload.folder, ignore_errors=True)
        raise
    return upload


@transaction.atomic
def choose(upload_id: UUID, choice: Choice, look: Look, *, by: str, at: datetime) -> Upload:
    """Keep the choice, for this file and for the next with its columns, and have a worker rehearse the import.

    Raises UploadClosedError once the import has begun or the file is gone.
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.import_job or upload.removed_at:
        raise UploadClosedError
    if upload.rehearsal_job:
        cancel(upload.rehearsal_job, by=by, at=at)
    reading = {
        "target": choice.target,
        "sheet": choice.sheet,
        "columns": dict(choice.columns),
        "day_style": choice.day_style,
        "amount_style": choice.amount_style,
        "currency": choice.currency,
        "zone": choice.zone,
    }
    for name, value in reading.items():
        setattr(upload, name, value)
    upload.rehearsal_run = None
    upload.rehearsal_job = enqueue(import_upload, {"upload": str(upload.pk), "is_rehearsal": True}, by=by).pk
    upload.save()
    ImportMapping.objects.update_or_create(
        signature=proposing.signature(look.columns),
        party=upload.party,
        defaults={**reading, "file_name": upload.name, "by": by, "kept_at": at},
    )
    return upload


@transaction.atomic
def begin_import(upload_id: UUID, *, by: str) -> Upload:
    """Have a worker import the file as it was rehearsed, once. Raises NotRehearsedError, UploadClosedError."""
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.import_job:
        return upload
    if upload.removed_at:
        raise UploadClosedError
    rehearsal = JobRun.objects.filter(pk=upload.rehearsal_job or upload.pk).first()
    if rehearsal is None or rehearsal.state != JobState.DONE:
        raise NotRehearsedError
    upload.import_job = enqueue(import_upload, {"upload": str(upload.pk), "is_rehearsal": False}, by=by).pk
    upload.save(update_fields=["import_job"])
    return upload


@transaction.atomic
def drop(upload_id: UUID, *, by: str, at: datetime) -> Upload:
    """Give the file up before its import has begun; its bytes are deleted. Raises UploadClosedError later."""
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.import_job:
        raise UploadClosedError
    if upload.rehearsal_job:
        cancel(upload.rehearsal_job, by=by, at=at)
    remove_file(upload, at=at)
    return upload


def _safe(name: str) -> str:
    """A file name without folders, control characters and surprises, its ending kept."""
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip().lstrip(".") or "file"
    stem, dot, ending = plain.rpartition(".")
    short = f"{stem[: _NAME_MAX - len(ending) - 1]}.{ending}" if dot and len(ending) <= 10 else plain[:_NAME_MAX]
    # Bytes count for the file system: a hanzi takes three of them.
    while len(short.encode()) > 240:
        short = short[1:]
    return short
