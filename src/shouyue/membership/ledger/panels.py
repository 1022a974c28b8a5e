"""What the ledger shows on the page of a customer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.membership.ledger.models import Lot, Transfer
from shouyue.membership.ledger.queries import Standing, latest_transfers, lots_of, standings
from shouyue.store.contributions.timeline import TimelineItem, TimelineSource
from shouyue.store.registry import Contribution, Reader
from shouyue.web.format import count


@dataclass(frozen=True, slots=True)
class PointsShown:
    """One member's points as the customer page shows them."""

    standing: Standing
    lots: list[Lot]
    transfers: list[Transfer]


def _points(customers: Sequence[UUID], _reader: Reader) -> Mapping[UUID, PointsShown]:
    today = timezone.localdate(clock.now())
    lots, transfers = defaultdict(list), defaultdict(list)
    for lot in lots_of(customers, on=today):
        lots[lot.customer_id].append(lot)
    for transfer in latest_transfers(customers):
        transfers[transfer.customer_id].append(transfer)
    return {
        customer_id: PointsShown(standing, lots[customer_id][:_LOTS_MAX], transfers[customer_id])
        for customer_id, standing in standings(customers, on=today).items()
    }


def _moves(customers: Sequence[UUID], _reader: Reader, until: datetime | None, most: int) -> Sequence[TimelineItem]:
    found = Transfer.objects.filter(customer_id__in=customers).exclude(reason="purchase")
    if until is not None:
        found = found.filter(recorded_at__lte=until)
    return [
        TimelineItem(
            at=row.recorded_at,
            key=f"points:{row.id}",
            title=_("%(points)s points: %(reason)s")
            % {"points": count(row.points), "reason": row.get_reason_display()},
            note=f"{row.get_debit_display()} → {row.get_credit_display()}",
            tone="jade" if row.credit == "available" else "slate",
        )
        for row in found.order_by("-recorded_at", "-id")[:most]
    ]


_LOTS_MAX = 8
POINTS = Contribution(
    name="membership.points", order=5, title=_("Points"), contribute=_points, template="membership/_points.html"
)
MOVES = TimelineSource(name="membership.points", contribute=_moves)
