"""What duplicates announce."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(FactBase):
    """Two records are one person; `subject` stands for both from now on."""

    merging_id: UUID
    merged_id: UUID


@dataclass(frozen=True, kw_only=True)
class CustomersUnmerged(FactBase):
    """A merge was taken back; each record has its own events again."""

    merging_id: UUID
    merged_id: UUID


@dataclass(frozen=True, kw_only=True)
class DuplicatesSearched(FactBase):
    """A run over all persons ended. Counts only."""

    run_id: UUID
    persons: int
    likely: int
    less_likely: int
