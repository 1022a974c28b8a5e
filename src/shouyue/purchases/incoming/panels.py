"""What imports put on the list of work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouyue.store.contributions.work import Urgency, WorkItem
from shouyue.store.models import ImportRun, ImportState, Party
from shouyue.store.registry import Reader
from shouyue.web.format import day


def stopped_imports(reader: Reader, at: datetime) -> Sequence[WorkItem]:
    """Imports that stopped or were refused in the last two weeks, the newest first; for the parties, not an auditor."""
    if getattr(reader, "party", Party.AUDITOR) == Party.AUDITOR:
        return []
    stopped = ImportRun.objects.filter(state__in=list(_STOPPED), started_at__gte=at - _LATELY)
    return [
        WorkItem(
            key=f"import:{run.pk}",
            kind=_STOPPED[ImportState(run.state)],
            title=", ".join(file["name"] for file in run.files) or run.mapping,
            note=day(run.started_at),
            url=reverse("purchases:import", args=[run.pk]),
            action=_("See the import"),
            urgency=Urgency.BROKEN,
        )
        for run in stopped.order_by("-started_at", "-id")[:_STOPPED_MAX]
    ]


_LATELY = timedelta(days=14)
_STOPPED_MAX = 20
_STOPPED = {ImportState.FAILED: _("Import stopped"), ImportState.REFUSED: _("Import refused")}
