"""What programs that tell of customers make known."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class CustomersRecorded(FactBase):
    """Customers of one call, or of one batch of it, became known or changed. Ids alone: facts are never erased."""

    batch_id: UUID
    created: list[UUID]
    updated: list[UUID]
