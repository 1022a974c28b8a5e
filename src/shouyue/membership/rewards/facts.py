"""What rewards announce."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class RewardRedeemed(FactBase):
    """A member took a reward for points."""

    redemption_id: UUID
    reward_id: UUID
    points: int


@dataclass(frozen=True, kw_only=True)
class RewardReserved(FactBase):
    """Points of a member and a piece of a reward are set aside until a moment, to be completed with a payment."""

    redemption_id: UUID
    reward_id: UUID
    points: int
    cash_fen: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class ReservationEnded(FactBase):
    """A reservation was not completed: points and piece are free again. is_late: its time ended, nobody asked."""

    redemption_id: UUID
    reward_id: UUID
    is_late: bool
