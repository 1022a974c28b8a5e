"""What lists of customers announce."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class CustomersImported(FactBase):
    """An import of a list of customers was finished; the counts add up to the rows of its file."""

    run_id: UUID
    source: str
    created: int
    updated: int
    unchanged: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class PeopleTakenBack(FactBase):
    """Customers of one batch have their earlier values again, or are gone, because their import is taken back."""

    batch_id: UUID
    run_id: UUID
    restored: int
    removed: int


@dataclass(frozen=True, kw_only=True)
class CustomersImportUndone(FactBase):
    """An import of a list of customers was taken back. kept: customers that were changed or used since and stay."""

    run_id: UUID
    restored: int
    removed: int
    kept: int
