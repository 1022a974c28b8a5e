"""What an open wave asks: frozen when it was opened, so a process reads it once."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shouyue.kernel.clock import day_in
from shouyue.surveys.answers.public import Wave
from shouyue.surveys.questionnaires.public import Question, questions_of
from shouyue.surveys.waves.models import WavePlan

_WAVES_MAX = 64
_known: dict[UUID, "WaveContent"] = {}


@dataclass(frozen=True, slots=True)
class WaveContent:
    """wave: as it was read first; whether it is still open only the database knows. asked_on: in the wave's zone."""

    wave: Wave
    questions: tuple[Question, ...]
    asked_on: date


def content_of(wave_id: UUID) -> WaveContent:
    """Of a drawn wave. Numbers of waves are never used again, so what is kept here cannot grow old."""
    found = _known.get(wave_id)
    if found is None:
        plans = WavePlan.objects.select_related("wave__questionnaire").defer(
            "frame", "traits", "salt", "sizes", "looks"
        )
        plan = plans.get(wave_id=wave_id)
        wave = plan.wave
        found = WaveContent(wave, questions_of(wave.questionnaire), day_in(wave.zone, plan.opened_at))
        if len(_known) >= _WAVES_MAX:
            _known.clear()
        _known[wave_id] = found
    return found
