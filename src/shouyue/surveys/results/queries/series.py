"""Each graded question by itself, from wave to wave: how many gave one of the two highest marks."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from shouyue.kernel.shares import Interval, share_interval
from shouyue.surveys.answers.public import Wave
from shouyue.surveys.estimates.public import satisfied
from shouyue.surveys.questionnaires.public import Question, questions_of
from shouyue.surveys.waves.public import Sheet, WavePlan, weighting

_WAVES_MAX = 8
_OUTSIDE = Fraction(1, 40)


@dataclass(frozen=True, slots=True)
class QuestionShare:
    """kept of asked in one wave. share, interval: of 95 %; weighted where the wave's answers are, else Wilson's."""

    kept: int
    asked: int
    share: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class QuestionSeries:
    """shares: one for each wave, None where it was not asked or answered."""

    question: Question
    shares: list[QuestionShare | None]


def series_up_to(wave: Wave) -> tuple[list[Wave], list[QuestionSeries]]:
    """The closed waves of the same questionnaire up to this one, oldest first, and its graded questions in them.

    At most the last eight waves; three statements. Anonymous ones are left out: their figures may have to stay hidden.
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
    said: dict[tuple[UUID, str], dict[UUID, bool]] = defaultdict(dict)
    sheets = Sheet.objects.filter(wave__in=waves, sent_at__isnull=False).values_list("wave_id", "customer_id", "marks")
    for wave_id, customer, marks in sheets:
        for question in graded:
            if isinstance(mark := marks.get(question.code), int):
                said[wave_id, question.code][customer] = satisfied(mark, question.marks[-1])
    weighted = WavePlan.objects.filter(wave__in=waves, is_weighted=True, closed_at__isnull=False)
    plans = {plan.wave_id: plan for plan in weighted}
    return waves, [
        QuestionSeries(one, [_share(said[each.pk, one.code], plans.get(each.pk)) for each in waves]) for one in graded
    ]


def _share(said: Mapping[UUID, bool], plan: WavePlan | None) -> QuestionShare | None:
    if not said:
        return None
    kept, asked = sum(said.values()), len(said)
    found = weighting.weighted_estimate(plan, said, risk=_OUTSIDE) if plan else None
    if found is None:
        return QuestionShare(kept, asked, kept / asked, share_interval(kept, asked))
    return QuestionShare(kept, asked, found.value, Interval(found.low, found.high, 0.95, "korn-graubard"))
