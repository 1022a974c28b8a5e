"""What tiers announce."""

from dataclasses import dataclass
from datetime import date

from shouyue.store.facts import FactBase, RowsFact


@dataclass(frozen=True, kw_only=True)
class TiersChanged(RowsFact):
    """A review changed tiers of members. A row is a change: customer, day, tier and reason. fell: how many lost one."""

    fell: int


@dataclass(frozen=True, kw_only=True)
class TierAtRisk(FactBase):
    """A member will lose the tier at a coming review unless something is bought before it."""

    tier: str
    projected: str
    reviewed_on: date
