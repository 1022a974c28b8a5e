"""The ground's own scheduled job: the list of runs does not grow for ever."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.store.jobs.declared import job
from shouyue.store.jobs.handle import Handle
from shouyue.store.models.jobs import BY_SCHEDULE, JobRun

KEPT = timedelta(days=90)
_BATCH = 1000


@job(
    name="store.forget_job_runs", title=_("Forget scheduled jobs that ended long ago"), retries=3, schedule="30 3 * * *"
)
def forget_job_runs(handle: Handle) -> None:
    """Delete scheduled runs that ended more than 90 days ago; what they did stays.

    Runs that people asked for stay as evidence of who did what, as long as the data map says.
    """
    done = int(handle.cursor or 0)
    while True:
        with transaction.atomic():
            old = JobRun.objects.filter(by=BY_SCHEDULE, finished_at__lt=clock.now() - KEPT).order_by("pk")
            deleted, _by_model = JobRun.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_BATCH])).delete()
            done += deleted
            handle.save_cursor(done, is_last=not deleted)
        if not deleted:
            return
        handle.progress(done)
