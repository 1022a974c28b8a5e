"""How the wave behind a figure was carried out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from shouyue.kernel.period import Quarter
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


def judged_apart(figures: Sequence[Figure]) -> set[Quarter]:
    """Quarters whose verdict no binomial tail of their counts gives: weighted answers, or more than one look."""
    waves = {wave_id: one.quarter for one in figures if (wave_id := wave_of(one))}
    found = conduct_of(list(waves)).items()
    return {waves[wave_id] for wave_id, one in found if one.is_weighted or len(one.looks) > 1}
