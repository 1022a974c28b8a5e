"""What kinships announce: ids and kinds, no values."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class RelationChanged(FactBase):
    """Somebody said what two customers are to each other, or that they are so no more."""

    relation_id: UUID
    relation: str
    stands: bool


@dataclass(frozen=True, kw_only=True)
class HouseholdChanged(FactBase):
    """A customer came into a household, left it, or became its head."""

    household_id: UUID
    change: str
