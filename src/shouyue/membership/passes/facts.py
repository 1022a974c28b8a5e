"""What is announced of bought tiers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shouyue.store.facts import FactBase


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
