"""What sharing announces."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class PoolConsented(FactBase):
    """A member lets a household draw on their points, with a new cap perhaps, or (cap_points 0) no longer does."""

    pool_id: UUID
    cap_points: int
