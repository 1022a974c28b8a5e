"""Background jobs on screen: what waits, runs and ran; cancelling, and starting again what did not succeed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.kernel import clock
from shouyue.store import jobs
from shouyue.store.jobs.declared import scheduled_jobs
from shouyue.store.jobs.schedule import next_due
from shouyue.store.models import JobRun, JobState, Staff
from shouyue.store.models.jobs import BY_SCHEDULE
from shouyue.web.paging import page_of
from shouyue.web.staff import may_change, must_change, staff_name

_TONES = {
    JobState.WAITING: "slate",
    JobState.RUNNING: "amber",
    JobState.DONE: "jade",
    JobState.FAILED: "seal",
    JobState.CANCELLED: "quiet",
}
_SOON = timedelta(minutes=1)
_STAFF = "staff:"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLine:
    """A run as the page shows it. message, error: in the reader's language, "" if there is none. rate: per second."""

    run: JobRun
    title: str | Promise
    who: str
    tone: str
    message: str
    error: str
    rate: int
    is_later: bool
    can_cancel: bool
    can_start_again: bool


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """All runs, newest first. A request of htmx gets the table alone."""
    now = clock.now()
    page = page_of(JobRun.objects.all(), order=("-id",), request=request)
    lines = _lines(page.rows, at=now, may_steer=may_change(request))
    context = {
        "page": page,
        "lines": lines,
        "now": now,
        "is_moving": any(not line.run.is_finished and not line.is_later for line in lines),
        "schedule": [(one.title, next_due(one.schedule or "", at=now)) for one in scheduled_jobs()],
    }
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "web/jobs.html#runs" if is_part else "web/jobs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def job_cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Ask whether to cancel, and do it on POST."""
    must_change(request)
    run = get_object_or_404(JobRun, pk=run_id)
    if request.method == "POST":
        run = jobs.cancel(run_id, by=staff_name(request), at=clock.now())
        messages.success(request, _cancel_outcome(run))
        return redirect("web:jobs")
    (line,) = _lines([run], at=clock.now(), may_steer=True)
    return render(request, "web/job_cancel.html", {"line": line})


@require_POST
def job_start_again(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Let a failed or cancelled run go on where it stopped."""
    must_change(request)
    get_object_or_404(JobRun, pk=run_id)
    try:
        jobs.start_again(run_id, by=staff_name(request), at=clock.now())
    except jobs.JobNotRepeatableError:
        messages.error(request, _("This version of Shouyue no longer has this job, so it cannot be started again."))
    else:
        messages.success(request, _("The job goes on where it stopped."))
    return redirect("web:jobs")


def _lines(runs: Sequence[JobRun], *, at: datetime, may_steer: bool) -> list[JobLine]:
    names = _names_of(runs)
    return [
        JobLine(
            run=run,
            title=declared.title if (declared := jobs.declared_job(run.name)) else run.name,
            who=_who(run.by, names),
            tone=_TONES[JobState(run.state)],
            message=_message(run),
            error=run.error_in(get_language() or ""),
            rate=round(run.rate),
            is_later=run.state == JobState.WAITING and run.next_at > at + _SOON,
            can_cancel=may_steer and not run.is_finished and run.cancel_asked_at is None,
            can_start_again=may_steer and declared is not None and run.state in {JobState.FAILED, JobState.CANCELLED},
        )
        for run in runs
    ]


def _message(run: JobRun) -> str:
    if not run.message:
        return ""
    try:
        return str(_(run.message) % run.message_values)
    except (KeyError, TypeError, ValueError):  # kept by another version of the code, whose places had other names
        return run.message


def _names_of(runs: Sequence[JobRun]) -> dict[int, Staff]:
    numbers = {run.by.removeprefix(_STAFF) for run in runs if run.by.startswith(_STAFF)}
    return Staff.objects.in_bulk([int(number) for number in numbers if number.isdecimal()])


def _who(by: str, names: dict[int, Staff]) -> str:
    if by == BY_SCHEDULE:
        return _("by schedule")
    number = by.removeprefix(_STAFF)
    known = names.get(int(number)) if by.startswith(_STAFF) and number.isdecimal() else None
    return known.name if known else by


def _cancel_outcome(run: JobRun) -> str:
    if run.state == JobState.RUNNING:
        return _("The job stops as soon as what it is writing is complete.")
    if run.state == JobState.CANCELLED:
        return _("The job was cancelled.")
    return _("The job had already ended.")
