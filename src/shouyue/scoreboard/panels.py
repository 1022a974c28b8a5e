"""What this room gives to My work: obligations that press, for the party that owes them; for an auditor, all."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.public import MissedTarget
from shouyue.scoreboard.models import MeasureResult
from shouyue.scoreboard.names import NAMES
from shouyue.scoreboard.queries.board import DutyRow, board_today
from shouyue.scoreboard.rules.verdict import State
from shouyue.store.contributions.work import Urgency, WorkItem
from shouyue.store.models import Party, Staff
from shouyue.store.registry import Reader

_URGENCY = {State.MISSED: Urgency.BROKEN, State.AT_RISK: Urgency.AT_RISK}
_KINDS = {State.MISSED: _("Obligation missed"), State.AT_RISK: _("Obligation at risk")}


def pressing_duties(reader: Reader, at: datetime) -> Sequence[WorkItem]:
    """The obligations of the latest closed quarter that ask for an action."""
    if not isinstance(reader, Staff):
        return []
    found = board_today(None, at=at)
    owed = [row for row in found.pressing if _is_for(reader, row)] if found else []
    return [_item(row, reader) for row in owed]


def _is_for(reader: Staff, row: DutyRow) -> bool:
    return reader.party == Party.AUDITOR or row.owner in {reader.party, "both"}


def _item(row: DutyRow, reader: Staff) -> WorkItem:
    if row.figure is not None:
        url, action = reverse("scoreboard:measure", args=[row.measure]), _("See the figures")
    elif row.dated is not None:
        url = reverse("agreement:duty", args=[row.code, row.dated.day.due_on.isoformat()])
        action = _("See the filing") if reader.party == Party.AUDITOR else _("File what was done")
    else:
        url, action = reverse("agreement:clause", args=[row.clause]), _("Read the clause")
    return WorkItem(
        key=f"duty:{row.code}",
        kind=_KINDS.get(row.state, _("Obligation undetermined")),
        title=row.title,
        note=_("Clause %(number)s") % {"number": row.clause},
        url=url,
        action=action,
        urgency=_URGENCY.get(row.state, Urgency.TO_DO),
    )


def missed_targets(agreement_id: UUID) -> Sequence[MissedTarget]:
    """Results that missed their target by the agreed rule, in the latest version of each period, the latest first."""
    latest = (
        MeasureResult.objects.filter(agreement_id=agreement_id)
        .order_by("measure", "period", "-version")
        .distinct("measure", "period")
    )
    missed = [row for row in latest if row.decision == State.MISSED and row.measure in NAMES]
    return [
        MissedTarget(
            result_id=row.pk,
            measure=row.measure,
            name=NAMES[row.measure],
            period=row.period,
            version=row.version,
            definition_version=row.definition_version,
            kept=row.kept,
            asked=row.asked,
            threshold_bp=row.threshold_bp or 0,
            decision=row.decision,
        )
        for row in sorted(missed, key=lambda row: row.period, reverse=True)
    ]
