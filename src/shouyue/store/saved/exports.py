"""Exports of lists: asked for, made, fetched while they last, and recorded for good."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Q

from shouyue.store import facts
from shouyue.store.facts import FactBase
from shouyue.store.models import ListExport

KEPT: Final = timedelta(hours=24)
_GIVEN_UP = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class ListExported(FactBase):
    """A list left the product as a file."""

    export_id: UUID
    listing: str
    form: str
    rows: int


class ExportGoneError(Exception):
    """The file is not made yet, has expired, or was removed."""


def file_of(export: ListExport) -> Path:
    """Where the file lies, readable by the product alone."""
    return _folder() / str(export.pk) / export.file_name


@transaction.atomic
def note_made(export: ListExport, *, rows: int, at: datetime) -> None:
    """The file is there; a second time changes nothing."""
    held = ListExport.objects.select_for_update().get(pk=export.pk)
    if held.made_at is None:
        held.rows, held.made_at, held.expires_at = rows, at, at + KEPT
        held.save()
        fact = ListExported(export_id=held.pk, listing=held.listing, form=held.kind, rows=rows)
        facts.announce(fact, at=at, by=f"staff:{held.owner_id}")


def fetch(export: ListExport, *, at: datetime) -> Path:
    """The file for its owner, with a note that it was taken. Raises ExportGoneError."""
    path = file_of(export)
    if export.expires_at is None or export.expires_at <= at or not path.exists():
        raise ExportGoneError
    ListExport.objects.filter(pk=export.pk).update(fetched_at=at)
    return path


def remove_expired(*, at: datetime) -> int:
    """Delete files that have expired, and pieces of those that were never made; returns how many."""
    is_over = Q(expires_at__lt=at) | Q(made_at__isnull=True, asked_at__lt=at - _GIVEN_UP)
    old = ListExport.objects.filter(is_over, removed_at__isnull=True).order_by("asked_at")
    count = 0
    for export in old.iterator(chunk_size=200):
        shutil.rmtree(file_of(export).parent, ignore_errors=True)
        ListExport.objects.filter(pk=export.pk).update(removed_at=at)
        count += 1
    return count


def _folder() -> Path:
    if settings.FILES_FOLDER is None:
        raise ImproperlyConfigured("SHOUYUE_FILES is not set; the commands that serve set it")
    folder: Path = settings.FILES_FOLDER / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
