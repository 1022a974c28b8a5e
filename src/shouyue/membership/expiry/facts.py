"""What expiry announces."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase, RowsFact


@dataclass(frozen=True, kw_only=True)
class ExpiryNoticed(RowsFact):
    """Members are to be told that points expire. A row is an `ExpiryNotice`: customer, last day, points."""

    points: int


@dataclass(frozen=True, kw_only=True)
class PointsReinstated(FactBase):
    """Points that had expired were given back for once."""

    expiry_id: UUID
    points: int
