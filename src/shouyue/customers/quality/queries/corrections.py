"""Questions about corrections that customers ask for."""

from shouyue.customers.quality.models import CorrectionRequest, CorrectionState
from shouyue.store.sealed_fields import unseal

SHOWN_MAX = 100


def open_corrections() -> list[CorrectionRequest]:
    """The oldest open requests with their values and customers, at most SHOWN_MAX."""
    rows = CorrectionRequest.objects.filter(state=CorrectionState.OPEN).select_related("customer")
    return unseal(rows.order_by("asked_at", "id")[:SHOWN_MAX], ["value"])
