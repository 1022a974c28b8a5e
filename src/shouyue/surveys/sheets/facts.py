"""What is announced of the answers of drawn waves."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(FactBase):
    """The subject sent the sheet of a wave, whatever it says."""

    wave_id: UUID
    answer_id: UUID


@dataclass(frozen=True, kw_only=True)
class DetractorHeard(FactBase):
    """The subject answered in a wave that they are dissatisfied or would not recommend."""

    wave_id: UUID
    answer_id: UUID
