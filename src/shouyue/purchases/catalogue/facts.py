"""What the catalogue announces."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class CatalogueChanged(FactBase):
    """Entries of one kind were told: products, categories, stores or channels. What orders name as they come in
    stands in OrdersRecorded."""

    batch_id: UUID
    source: str
    entries: str
    created: int
    updated: int
