"""How a background job of the wizard stands, with the record of its import."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shouyue.store.imports.reasons import reason_of
from shouyue.store.imports.sealing import readable
from shouyue.store.models import ImportRejection, ImportRun, JobRun, JobState, Party, Staff
from shouyue.store.tabular.messages import Message
from shouyue.web.staff import must_be_staff, must_change

SHOWN_REJECTIONS = 10


@dataclass(frozen=True, slots=True)
class Stage:
    """A job and its import. rejected: the first rejected rows with their reasons; was_done: an earlier import of the
    same file had done it all."""

    job: JobRun
    run: ImportRun | None
    rejected: Sequence[tuple[ImportRejection, Message]]
    message: str
    error: str

    @property
    def has_ended(self) -> bool:
        return self.job.is_finished

    @property
    def is_done(self) -> bool:
        return self.job.state == JobState.DONE

    @property
    def can_go_on(self) -> bool:
        return self.job.state in {JobState.FAILED, JobState.CANCELLED}

    @property
    def was_done(self) -> bool:
        finished = self.run.finished_at if self.run else None
        return finished is not None and finished < self.job.enqueued_at


def importer(request: HttpRequest) -> Staff:
    """Staff of either party; an auditor reads and brings nothing in."""
    must_change(request)
    return must_be_staff(request)


def stage_of(job_id: UUID, run_id: UUID | None, reader: object) -> Stage:
    """The job's stage. Whole rows of persons open only for Party A; nobody else sees what stood in their cells."""
    job = JobRun.objects.get(pk=job_id)
    run = ImportRun.objects.filter(pk=run_id).first() if run_id else None
    rows: list[ImportRejection] = []
    if run and job.is_finished:
        found = ImportRejection.objects.filter(run_id=run.pk).order_by("file_number", "row_number")
        rows = list(found[:SHOWN_REJECTIONS])
        if getattr(reader, "party", "") == Party.A:
            rows = list(readable(run, rows))
    told = _(job.message) % job.message_values if job.message else ""
    return Stage(job, run, [(row, reason_of(row)) for row in rows], told, job.error_in(get_language() or ""))
