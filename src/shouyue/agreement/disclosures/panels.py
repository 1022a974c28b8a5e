"""What this room gives to others: facts to tell for My work, and their counts for the scoreboard."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.disclosures.queries import disclosures_due, disclosures_of
from shouyue.agreement.disclosures.rules.lateness import Standing
from shouyue.agreement.measures.public import Counted, Scope, by_quarter
from shouyue.agreement.terms.public import current_agreement
from shouyue.kernel.clock import day_in
from shouyue.store.contributions.work import Urgency, WorkItem
from shouyue.store.models import Staff
from shouyue.store.registry import Reader


def owed_disclosures(reader: Reader, at: datetime) -> Sequence[WorkItem]:
    """Facts owed by the reader's party and not told yet."""
    agreement = current_agreement()
    if agreement is None or not isinstance(reader, Staff):
        return []
    return [
        WorkItem(
            key=f"disclosure:{view.row.pk}",
            kind=_("Fact to be told"),
            title=Truncator(view.row.fact).chars(60),
            note=view.word,
            url=reverse("agreement:disclosure", args=[view.row.pk]),
            action=_("Tell it"),
            urgency=Urgency.BROKEN if view.standing is Standing.OVERDUE else Urgency.AT_RISK,
            due_at=datetime.combine(view.row.due_on, time.max, ZoneInfo(agreement.zone)),
        )
        for view in disclosures_of(agreement, on=day_in(agreement.zone, at))
        if view.may_tell(reader.party)
    ]


def told_in_time(scope: Scope) -> Sequence[Counted]:
    """Of the facts that were to be told in a quarter, those that were told in time."""
    return by_quarter(disclosures_due(scope.agreement_id), as_of=scope.as_of)
