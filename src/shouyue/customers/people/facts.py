"""What the customers room announces."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class PeopleRecorded(FactBase):
    """Persons of one batch became known or changed. Counts only: facts are never erased."""

    batch_id: UUID
    created: int
    updated: int


@dataclass(frozen=True, kw_only=True)
class CustomersEdited(FactBase):
    """Somebody changed one field of customers by hand, or took that back. batch_id: of the change."""

    batch_id: UUID
    field: str
    count: int
