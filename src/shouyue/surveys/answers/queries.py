"""What is known of the answers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from shouyue.kernel.period import Quarter
from shouyue.surveys.answers.models import Invitation, Response, Wave, WaveKind
from shouyue.surveys.estimates.public import satisfied


@dataclass(frozen=True, slots=True)
class QuarterAnswers:
    """Answers of one wave: how many there are, how many are satisfied or loyal, what kind of wave they came from."""

    quarter: Quarter
    kind: str
    source: str
    asked: int  # answers that count
    kept: int  # of these, with one of the two highest marks
    invited: int | None  # None: nobody was invited, so there is no response rate
    wave_id: UUID
    by_score: tuple[int, ...]  # how many gave 1, 2, … up to the scale's end


def answers_by_quarter(measure: str, sources: Sequence[str] | None = None) -> list[QuarterAnswers]:
    """Answers that count for a measure ("satisfaction", "loyalty_survey") by quarter of asking, oldest first.

    In three statements. sources: only these; None: all.

    Waves that are still open do not count. Where a sample was drawn, answers that came of themselves do not either.
    """
    waves = Wave.objects.select_related("questionnaire").order_by("period", "source")
    waves = waves.filter(is_open=False, questionnaire__measure=measure)
    if sources is not None:
        waves = waves.filter(source__in=sources)
    counts: dict[UUID, dict[int, int]] = defaultdict(dict)
    for wave_id, score, number in Response.objects.order_by().values_list("wave_id", "score").annotate(Count("score")):
        counts[wave_id][score] = number
    invited = dict(Invitation.objects.order_by().values_list("wave_id").annotate(Count("wave_id")))
    found = [_answers_of(wave, counts[wave.id], invited.get(wave.id)) for wave in waves if counts[wave.id]]
    drawn = {one.quarter for one in found if one.kind != WaveKind.AS_FOUND}
    return [one for one in found if one.kind != WaveKind.AS_FOUND or one.quarter not in drawn]


def _answers_of(wave: Wave, counts: dict[int, int], invited: int | None) -> QuarterAnswers:
    scale_max = wave.questionnaire.scale_max
    by_score = tuple(counts.get(step, 0) for step in range(1, scale_max + 1))
    kept = sum(number for step, number in enumerate(by_score, start=1) if satisfied(step, scale_max))
    quarter = Quarter.parse(wave.period)
    return QuarterAnswers(quarter, wave.kind, wave.source, sum(by_score), kept, invited, wave.pk, by_score)
