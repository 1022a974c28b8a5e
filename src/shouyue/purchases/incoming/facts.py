"""What imports of purchases announce."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class PurchasesImported(FactBase):
    """An import of purchases was finished; the counts add up to the rows of its files."""

    run_id: UUID
    source: str
    step: str
    created: int
    updated: int
    unchanged: int
    rejected: int
