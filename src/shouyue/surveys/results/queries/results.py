"""The result of a closed wave: verdict, bounds, groups, questions, drivers, words, and what changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shouyue.kernel.shares import Interval, difference_interval, share_interval
from shouyue.store.sealed_fields import unseal
from shouyue.surveys.answers.public import Response, Wave
from shouyue.surveys.estimates.public import (
    Bounds,
    ChangeTest,
    Drivers,
    drivers,
    hidden_cells,
    kish_effect,
    same_people_changed,
    satisfied,
    tipping_point,
    worst_case,
)
from shouyue.surveys.questionnaires.public import (
    Answer,
    Question,
    Questionnaire,
    counted_mark,
    counted_questions,
    questions_of,
)
from shouyue.surveys.results.rules.summaries import QuestionSummary, driving_marks, summarised
from shouyue.surveys.results.rules.words import grouped
from shouyue.surveys.waves.public import Reading, Sheet, StratumCount, WavePlan, reading_of, strata_counts

# Fewer people who answered both waves say nothing about change.
PAIRED_MIN = 30


@dataclass(frozen=True, slots=True)
class Group:
    """A stratum of the frame. interval: Wilson 95 %; share and interval None where it is hidden or silent."""

    name: str
    count: StratumCount
    weight: float | None
    is_hidden: bool
    interval: Interval | None

    @property
    def share(self) -> float | None:
        shown = self.count.asked and not self.is_hidden
        return self.count.kept / self.count.asked if shown else None


@dataclass(frozen=True, slots=True)
class Change:
    """Against the closed wave before it. paired: McNemar's test where enough of the same people answered both."""

    before: Wave
    share_before: float
    difference: float
    interval: Interval
    both_answered: int
    paired: ChangeTest | None

    @property
    def is_clear(self) -> bool:
        return self.interval.low > 0 or self.interval.high < 0


@dataclass(frozen=True, slots=True)
class Result:
    """All that a closed wave says. groups: empty for a simple draw. weight_effect: Kish's, of the groups' weights."""

    reading: Reading
    kept: int
    answered: int
    invited: int
    bounds: Bounds
    tipping: float | None
    groups: list[Group]
    weight_effect: float | None
    questions: list[QuestionSummary]
    drivers: Drivers
    change: Change | None

    @property
    def rate(self) -> float:
        return self.answered / self.invited


def result_of(plan: WavePlan) -> Result | None:
    """The result of a closed wave; None while it is open or when nobody answered."""
    if plan.closed_at is None or not plan.counted or not plan.counted[-1]["asked"]:
        return None
    reading = reading_of(plan)
    kept, answered = reading.looks[-1].kept, reading.looks[-1].asked
    invited = Sheet.objects.filter(wave=plan.wave_id).count()
    groups = _groups(plan)
    questions = questions_of(plan.wave.questionnaire)
    sheets = list(Sheet.objects.filter(wave=plan.wave_id, sent_at__isnull=False).values_list("marks", flat=True))
    weights = [one.weight for one in groups for _answer in range(one.count.asked) if one.weight]
    return Result(
        reading=reading,
        kept=kept,
        answered=answered,
        invited=invited,
        bounds=worst_case(kept, answered, invited),
        tipping=tipping_point(kept, answered, invited, float(plan.target)),
        groups=groups,
        weight_effect=kish_effect(weights) if weights else None,
        questions=summarised(questions, sheets),
        drivers=_drivers(questions, sheets, plan.wave.questionnaire),
        change=_change(plan.wave, kept, answered),
    )


def words_of(plan: WavePlan) -> list[tuple[Question, dict[str, list[str]]]]:
    """What was written, by question and topic; only for who may read it. Nothing says who wrote it."""
    sheets = Sheet.objects.filter(wave=plan.wave_id, sent_at__isnull=False, words__isnull=False)
    opened = [sheet.words.plain for sheet in unseal(sheets, ["words"]) if sheet.words is not None]
    said = [words for words in opened if isinstance(words, dict)]
    found = []
    for one in questions_of(plan.wave.questionnaire):
        texts = sorted(str(words[one.code]) for words in said if one.code in words)
        if texts:
            found.append((one, grouped(texts)))
    return found


def _groups(plan: WavePlan) -> list[Group]:
    counts = strata_counts(plan)
    if list(counts) == [""]:
        return []
    hidden = hidden_cells({name: one.asked for name, one in counts.items()})
    return [
        Group(
            name=name,
            count=one,
            weight=one.size / one.asked if one.asked else None,
            is_hidden=name in hidden,
            interval=share_interval(one.kept, one.asked) if one.asked and name not in hidden else None,
        )
        for name, one in counts.items()
    ]


def _drivers(
    questions: Sequence[Question], sheets: Sequence[Mapping[str, Answer]], questionnaire: Questionnaire
) -> Drivers:
    counted = {one.code for one in counted_questions(questionnaire.measure, questions)}
    marked = ((counted_mark(questionnaire.measure, questions, marks), marks) for marks in sheets)
    answered = [(mark, marks) for mark, marks in marked if mark is not None]
    kept = [satisfied(mark, questionnaire.scale_max) for mark, _marks in answered]
    return drivers(kept, driving_marks(questions, counted, [marks for _mark, marks in answered]))


def _change(wave: Wave, kept: int, asked: int) -> Change | None:
    before = (
        Wave.objects.filter(
            questionnaire__code=wave.questionnaire.code, source=wave.source, is_open=False, period__lt=wave.period
        )
        .select_related("questionnaire")
        .order_by("-period")
        .first()
    )
    if before is None:
        return None
    earlier, now = _satisfied_by_customer(before), _satisfied_by_customer(wave)
    if not earlier or not asked:
        return None
    kept_before = sum(earlier.values())
    pairs = Counter((earlier[customer], now[customer]) for customer in earlier.keys() & now.keys())
    both = sum(pairs.values())
    moved = pairs[True, False] + pairs[False, True]
    paired = None
    if both >= PAIRED_MIN and moved:
        paired = same_people_changed(
            both=pairs[True, True], lost=pairs[True, False], won=pairs[False, True], neither=pairs[False, False]
        )
    interval = difference_interval(
        kept_before=kept_before, asked_before=len(earlier), kept_after=kept, asked_after=asked
    )
    share_before = kept_before / len(earlier)
    return Change(before, share_before, kept / asked - share_before, interval, both, paired)


def _satisfied_by_customer(wave: Wave) -> dict[UUID, bool]:
    scores = Response.objects.filter(wave=wave).values_list("customer_id", "score")
    return {customer: satisfied(score, wave.questionnaire.scale_max) for customer, score in scores}
