"""Each graded question by itself, from wave to wave: how many gave one of the two highest marks."""

from collections import Counter
from dataclasses import dataclass

from shouyue.kernel.shares import Interval, share_interval
from shouyue.surveys.answers.public import Wave
from shouyue.surveys.estimates.public import satisfied
from shouyue.surveys.questionnaires.public import Question, questions_of
from shouyue.surveys.waves.public import Sheet

_WAVES_MAX = 8


@dataclass(frozen=True, slots=True)
class QuestionShare:
    """kept of asked in one wave, with Wilson's 95 % interval."""

    kept: int
    asked: int
    interval: Interval

    @property
    def share(self) -> float:
        return self.kept / self.asked


@dataclass(frozen=True, slots=True)
class QuestionSeries:
    """shares: one for each wave, None where it was not asked or answered."""

    question: Question
    shares: list[QuestionShare | None]


def series_up_to(wave: Wave) -> tuple[list[Wave], list[QuestionSeries]]:
    """The closed waves of the same questionnaire up to this one, oldest first, and its graded questions in them.

    At most the last eight waves; two statements. Anonymous ones are left out: their figures may have to stay hidden.
    """
    if wave.is_anonymous:
        return [], []
    newest_first = Wave.objects.filter(
        questionnaire__code=wave.questionnaire.code,
        source=wave.source,
        is_open=False,
        is_anonymous=False,
        period__lte=wave.period,
    ).order_by("-period")
    waves = list(reversed(newest_first[:_WAVES_MAX]))
    graded = [one for one in questions_of(wave.questionnaire) if one.kind == "satisfaction"]
    asked: Counter[tuple[object, str]] = Counter()
    kept: Counter[tuple[object, str]] = Counter()
    sheets = Sheet.objects.filter(wave__in=waves, sent_at__isnull=False).values_list("wave_id", "marks")
    for wave_id, marks in sheets:
        for question in graded:
            if isinstance(mark := marks.get(question.code), int):
                asked[wave_id, question.code] += 1
                kept[wave_id, question.code] += satisfied(mark, question.marks[-1])
    return waves, [
        QuestionSeries(one, [_share(kept[wave.pk, one.code], asked[wave.pk, one.code]) for wave in waves])
        for one in graded
    ]


def _share(kept: int, asked: int) -> QuestionShare | None:
    return QuestionShare(kept, asked, share_interval(kept, asked)) if asked else None
