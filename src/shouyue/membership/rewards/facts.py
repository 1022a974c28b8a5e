"""What rewards announce."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class RewardRedeemed(FactBase):
    """A member took a reward for points."""

    redemption_id: UUID
    reward_id: UUID
    points: int
