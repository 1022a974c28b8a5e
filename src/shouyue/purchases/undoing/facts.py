"""What undos of imports of orders announce."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import RowsFact


@dataclass(frozen=True, kw_only=True)
class OrdersTakenBack(RowsFact):
    """Orders that an import had made are gone, or those that it had changed stand as before it.

    A row is an order: its id, what became of it and the digest of its content.
    """

    run_id: UUID
    removed: int
    restored: int
