"""What tiers announce."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

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


@dataclass(frozen=True, kw_only=True)
class TierSold(FactBase):
    """A member bought a tier for some time."""

    pass_id: UUID
    tier: str
    last: date


@dataclass(frozen=True, kw_only=True)
class TierPassEnded(FactBase):
    """A bought tier ends early: from ended_on on it does not count. None: it goes on after all."""

    pass_id: UUID
    tier: str
    ended_on: date | None
