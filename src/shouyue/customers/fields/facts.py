"""What fields announce."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class DeclaredValuesEdited(FactBase):
    """Somebody changed a declared field of customers by hand, or took that back. batch_id: of the change; no value."""

    batch_id: UUID
    field: str
    count: int
