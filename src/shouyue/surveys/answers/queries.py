"""What is known of the answers."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count

from shouyue.kernel.period import Quarter
from shouyue.store.sealed_fields import unseal
from shouyue.surveys.answers.models import AnswerBox, Invitation, Response, Wave, WaveKind
from shouyue.surveys.estimates.public import CELL_MIN, satisfied
from shouyue.surveys.questionnaires.public import counted_mark, questions_of


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
    by_score: tuple[int, ...]  # how many gave 1, 2, … up to the scale's end; empty where the wave was anonymous


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
    nameless = [(wave, score_counts(wave)) for wave in waves if wave.is_anonymous]
    # So few might be recognised: they say nothing, here neither.
    found += [
        replace(_answers_of(wave, scores, invited.get(wave.id)), by_score=())
        for wave, scores in nameless
        if sum(scores.values()) >= CELL_MIN
    ]
    found.sort(key=lambda one: (one.quarter, one.source))
    drawn = {one.quarter for one in found if one.kind != WaveKind.AS_FOUND}
    return [one for one in found if one.kind != WaveKind.AS_FOUND or one.quarter not in drawn]


def score_counts(wave: Wave) -> dict[int, int]:
    """How many answers of a wave gave each score, also of an anonymous one. Its questionnaire must be loaded."""
    if wave.is_anonymous:
        questions = questions_of(wave.questionnaire)
        marked = (counted_mark(wave.questionnaire.measure, questions, marks) for marks in boxed_marks(wave.pk))
        return dict(Counter(mark for mark in marked if mark is not None))
    scores = Response.objects.filter(wave=wave).order_by().values_list("score").annotate(Count("score"))
    return dict(scores)


def boxed_marks(wave_id: UUID) -> list[dict[str, Any]]:
    """The marks of every answer of an anonymous wave, in no order that tells anything."""
    boxes = AnswerBox.objects.filter(wave=wave_id).order_by("id").values_list("marks", flat=True)
    return [marks for box in boxes for marks in box]


def boxed_words(wave_id: UUID) -> list[dict[str, Any]]:
    """The free words of every answer of an anonymous wave that has some, opened."""
    boxes = unseal(AnswerBox.objects.filter(wave=wave_id).order_by("id"), ["words"])
    lists = [box.words.plain for box in boxes if box.words is not None]
    return [words for one in lists if isinstance(one, list) for words in one]


def _answers_of(wave: Wave, counts: dict[int, int], invited: int | None) -> QuarterAnswers:
    scale_max = wave.questionnaire.scale_max
    by_score = tuple(counts.get(step, 0) for step in range(1, scale_max + 1))
    kept = sum(number for step, number in enumerate(by_score, start=1) if satisfied(step, scale_max))
    quarter = Quarter.parse(wave.period)
    return QuarterAnswers(quarter, wave.kind, wave.source, sum(by_score), kept, invited, wave.pk, by_score)
