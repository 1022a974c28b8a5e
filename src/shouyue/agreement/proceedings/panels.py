"""What this room gives to My work: disputes and terminations in which the reader's party has something to do."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.proceedings.queries import proceedings_of
from shouyue.agreement.terms.public import current_agreement
from shouyue.kernel.clock import day_in
from shouyue.store.contributions.work import Urgency, WorkItem
from shouyue.store.models import Staff
from shouyue.store.registry import Reader

# A statement or an offer is always possible and presses nobody.
_PRESSING = frozenset({"settle", "consent", "tick", "close", "mediate", "refer"})


def open_proceedings(reader: Reader, at: datetime) -> Sequence[WorkItem]:
    """Those that wait for a decision of the reader's party."""
    agreement = current_agreement()
    if agreement is None or not isinstance(reader, Staff):
        return []
    zone = ZoneInfo(agreement.zone)
    return [
        WorkItem(
            key=f"proceeding:{view.row.pk}",
            kind=view.row.get_kind_display(),
            title=f"{view.row.number} · {view.row.text[:40]}",
            note=view.word,
            url=reverse("agreement:proceeding", args=[view.row.pk]),
            action=_("Read and decide"),
            urgency=Urgency.AT_RISK,
            due_at=datetime.combine(view.deadline, time.max, zone) if view.deadline else None,
        )
        for view in proceedings_of(agreement, on=day_in(agreement.zone, at))
        if _PRESSING & set(view.open_to.get(reader.party, ()))
    ]
