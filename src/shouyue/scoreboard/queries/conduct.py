"""How the wave behind a figure was carried out."""

from typing import TYPE_CHECKING
from uuid import UUID

from shouyue.scoreboard.rules.alarms import Alarm, Conduct, alarms
from shouyue.scoreboard.rules.board import Figure
from shouyue.surveys.public import conduct_of

if TYPE_CHECKING:
    from shouyue.surveys.waves.queries.conduct import WaveConduct


def wave_of(figure: Figure) -> UUID | None:
    """The drawn wave whose answers were counted; None for other figures."""
    found = figure.details.get("wave")
    return UUID(found) if isinstance(found, str) else None


def conduct_behind(figure: Figure) -> "tuple[WaveConduct, list[Alarm]] | None":
    """The wave's conduct and what stands out in it; None where no drawn wave stands behind the figure."""
    wave_id = wave_of(figure)
    found = conduct_of([wave_id]).get(wave_id) if wave_id else None
    if found is None:
        return None
    conduct = Conduct(
        excluded=found.excluded,
        frame_size=found.frame_size,
        answered=found.answered,
        busiest_minute=found.busiest_minute,
        by_interviewer=found.by_interviewer,
        closes_on=found.closes_on,
        closed_on=found.closed_on,
        looks=len(found.looks),
    )
    return found, alarms(conduct)
