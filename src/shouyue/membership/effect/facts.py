"""What the effect announces."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class EffectMeasured(FactBase):
    """Who comes back and who brings friends was counted anew, on records until a day."""

    reading_id: UUID
    until: date
