"""Scheduled jobs: whoever looks at the clock first enqueues the tick, and nobody enqueues it twice."""

from datetime import datetime
from zoneinfo import ZoneInfo

from croniter import croniter
from django.conf import settings
from django.db import transaction

from shouyue.store.jobs.declared import Job, scheduled_jobs
from shouyue.store.jobs.runs import enqueue
from shouyue.store.models.jobs import BY_SCHEDULE, UNFINISHED, JobRun, JobSchedule


def tick(*, at: datetime) -> int:
    """Enqueue every scheduled job whose time has come since it was last looked at; returns how many.

    A job seen for the first time waits for its next time. Ticks missed while no worker ran count as one. A tick is
    passed over while the run before it is unfinished.
    """
    seen = JobSchedule.objects.in_bulk()
    return sum(_tick(job, seen.get(job.name), at=at) for job in scheduled_jobs())


def last_due(cron: str, *, at: datetime) -> datetime:
    """The last moment at or before `at` that the five fields name, in the installation's time zone."""
    here = at.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(second=0, microsecond=0)
    found: datetime = here if croniter.match(cron, here) else croniter(cron, here).get_prev(datetime)
    return found


def next_due(cron: str, *, at: datetime) -> datetime:
    """The first moment after `at` that the five fields name, in the installation's time zone."""
    found: datetime = croniter(cron, at.astimezone(ZoneInfo(settings.TIME_ZONE))).get_next(datetime)
    return found


def _tick(job: Job, seen: JobSchedule | None, *, at: datetime) -> bool:
    due = last_due(job.schedule or "", at=at)
    if seen is None:
        JobSchedule.objects.bulk_create([JobSchedule(name=job.name, ticked_at=at)], ignore_conflicts=True)
        return False
    return seen.ticked_at < due and _enqueue_tick(job, due)


@transaction.atomic
def _enqueue_tick(job: Job, due: datetime) -> bool:
    schedule = JobSchedule.objects.select_for_update().get(pk=job.name)
    if schedule.ticked_at >= due:
        return False
    schedule.ticked_at = due
    schedule.save()
    if JobRun.objects.filter(name=job.name, by=BY_SCHEDULE, state__in=UNFINISHED).exists():
        return False
    enqueue(job, {}, by=BY_SCHEDULE, key=f"schedule:{job.name}:{due.isoformat()}")
    return True
