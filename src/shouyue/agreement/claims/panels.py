"""What this room gives to My work: claims whose next move is the reader's party's."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.claims.queries import claims_of
from shouyue.agreement.claims.rules.claims import State
from shouyue.agreement.terms.public import current_agreement
from shouyue.kernel.clock import day_in
from shouyue.store.contributions.work import Urgency, WorkItem
from shouyue.store.models import Staff
from shouyue.store.registry import Reader


def waiting_claims(reader: Reader, at: datetime) -> Sequence[WorkItem]:
    """Claims that wait for the reader's party; a notice has its day of clause 8.2(1)."""
    agreement = current_agreement()
    if agreement is None or not isinstance(reader, Staff):
        return []
    zone = ZoneInfo(agreement.zone)
    return [
        WorkItem(
            key=f"claim:{view.claim.pk}",
            kind=_("Claim of breach"),
            title=f"{view.claim.number} · {view.claim.get_ground_display()}",
            note=view.word,
            url=reverse("agreement:claim", args=[view.claim.pk]),
            action=_("Answer") if view.state is State.NOTIFIED else _("Decide"),
            urgency=Urgency.AT_RISK,
            due_at=datetime.combine(view.claim.reply_by, time.max, zone) if view.state is State.NOTIFIED else None,
        )
        for view in claims_of(agreement, on=day_in(agreement.zone, at))
        if view.waits_for == reader.party
    ]
