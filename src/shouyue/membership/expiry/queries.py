"""Questions about points that expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shouyue.kernel.ids import keyed_id
from shouyue.membership.expiry.rules.wishes import WINDOW_DAYS
from shouyue.membership.ledger.public import Transfer


@dataclass(frozen=True, slots=True)
class Expired:
    """Points that were lost lately. until: the last day on which they can be given back."""

    customer_id: UUID
    transfer_id: UUID
    points: int
    on: date
    until: date


def expired_lately(customers: Sequence[UUID], *, on: date) -> list[Expired]:
    """What a person lost under these numbers lately and did not get back, the latest first. Two statements."""
    gone = Transfer.objects.filter(
        customer_id__in=customers,
        reason="expiry",
        credit="expired",
        effective_on__gte=on - timedelta(days=WINDOW_DAYS),
    )
    rows = list(gone.order_by("-effective_on", "id")[:20])
    back = {keyed_id(row.id, "reinstated") for row in rows}
    done = set(Transfer.objects.filter(customer_id__in=customers, id__in=back).values_list("id", flat=True))
    return [
        Expired(row.customer_id, row.id, row.points, row.effective_on, row.effective_on + timedelta(days=WINDOW_DAYS))
        for row in rows
        if keyed_id(row.id, "reinstated") not in done
    ]
