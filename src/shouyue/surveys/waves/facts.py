"""What drawn waves announce."""

from dataclasses import dataclass
from uuid import UUID

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class WaveOpened(FactBase):
    """A sample was drawn and its links work. The frame is frozen under its hash, and so are margins, if it has any."""

    wave_id: UUID
    frame_hash: str
    frame_size: int
    drawn: int
    margins_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class WaveToppedUp(FactBase):
    """The first look decided nothing; the part of the sample that was planned for this case is asked too."""

    wave_id: UUID
    answered: int
    drawn: int


@dataclass(frozen=True, kw_only=True)
class WaveClosed(FactBase):
    """No more answers are taken."""

    wave_id: UUID
    invited: int
    answered: int
