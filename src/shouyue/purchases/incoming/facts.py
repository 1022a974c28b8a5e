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


@dataclass(frozen=True, kw_only=True)
class PurchasesImportUndone(FactBase):
    """An import of purchases was taken back. Counts of rows; kept: of orders that were changed or returned since."""

    run_id: UUID
    restored: int
    removed: int
    kept: int
