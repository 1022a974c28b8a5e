"""What the purchases room announces."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import RowsFact


@dataclass(frozen=True, kw_only=True)
class OrdersRecorded(RowsFact):
    """Orders of one batch were recorded, their status moved on, or payments of known ones came in.

    A row is an order: its id, its status and the digest of its content.
    """

    source: str
    run_id: UUID | None
    created: int
    status_changed: int
    lines: int
    payments: int
