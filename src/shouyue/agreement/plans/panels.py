"""What this room gives to others: plans and measures for My work, and their counts for the scoreboard."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.measures.public import Counted, Scope, by_quarter
from shouyue.agreement.plans.queries import MeasureView, plan_measures_due, plans_of
from shouyue.agreement.plans.rules.measures import Standing
from shouyue.agreement.terms.public import Agreement, current_agreement
from shouyue.kernel.clock import day_in
from shouyue.store.contributions.work import Urgency, WorkItem
from shouyue.store.models import Staff
from shouyue.store.registry import Reader

_URGENCY = {Standing.OVERDUE: Urgency.BROKEN, Standing.AT_RISK: Urgency.AT_RISK}


def waiting_plans(reader: Reader, at: datetime) -> Sequence[WorkItem]:
    """Versions that the other party proposed; measures that are overdue or close to it."""
    agreement = current_agreement()
    if agreement is None or not isinstance(reader, Staff) or reader.party not in {"a", "b"}:
        return []
    views = plans_of(agreement, on=agreement.standing_day(day_in(agreement.zone, at)))
    confirmations = [
        WorkItem(
            key=f"plan:{view.annex}",
            kind=_("Plan to confirm"),
            title=view.title,
            url=reverse("agreement:plans"),
            action=_("Read and confirm"),
        )
        for view in views
        if view.waits_for(reader.party)
    ]
    pressing = [
        _measure(agreement, view.annex, one)
        for view in views
        for one in view.measures
        if one.standing in _URGENCY and one.is_owed_by(reader.party)
    ]
    return [*confirmations, *pressing]


def _measure(agreement: Agreement, annex: int, one: MeasureView) -> WorkItem:
    return WorkItem(
        key=f"measure:{annex}:{one.measure.key}",
        kind=_("Measure of the plan"),
        title=one.measure.title,
        note=one.word,
        url=reverse("agreement:plan_measure", args=[annex, one.measure.key]),
        action=_("State the delivery"),
        urgency=_URGENCY[one.standing],
        due_at=datetime.combine(one.due_on, time.max, ZoneInfo(agreement.zone)),
    )


def delivered_on_schedule(scope: Scope) -> Sequence[Counted]:
    """Of the plans' measures that were due in a quarter, those that were delivered by their day."""
    return by_quarter(plan_measures_due(scope.agreement_id, on=scope.as_of), as_of=scope.as_of)
