"""Jobs that failed, as work for whoever may start them again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shouyue.store import jobs
from shouyue.store.contributions.work import Urgency, WorkItem
from shouyue.store.models import JobRun, JobState, Party, Staff
from shouyue.store.registry import Reader

_LATELY = timedelta(days=14)
_MOST = 20


def failed_jobs(reader: Reader, at: datetime) -> Sequence[WorkItem]:
    """Runs that failed in the last two weeks, the newest first; nothing for those who may not steer jobs."""
    if not isinstance(reader, Staff) or reader.party == Party.AUDITOR:
        return []
    failed = JobRun.objects.filter(state=JobState.FAILED, finished_at__gte=at - _LATELY).order_by("-finished_at", "-id")
    return [
        WorkItem(
            key=f"job:{run.pk}",
            kind=_("Failed job"),
            title=declared.title if (declared := jobs.declared_job(run.name)) else run.name,
            note=run.error_in(get_language() or ""),
            url=reverse("web:jobs"),
            action=_("See the job"),
            urgency=Urgency.BROKEN,
        )
        for run in failed[:_MOST]
    ]
