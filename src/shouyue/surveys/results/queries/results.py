"""The result of a closed wave: verdict, bounds, groups, questions, drivers, words, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count as count_from
from typing import Any
from uuid import UUID

from shouyue.kernel.shares import Interval, share_interval
from shouyue.store.sealed_fields import unseal
from shouyue.surveys.answers.public import Response, Wave, boxed_marks, boxed_words, score_counts
from shouyue.surveys.estimates.public import (
    CELL_MIN,
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
from shouyue.surveys.results.rules.remeasuring import PAIRED_MIN, Counts, compared, pairs_of
from shouyue.surveys.results.rules.sheltering import Sheltered, sheltered
from shouyue.surveys.results.rules.summaries import QuestionSummary, driving_marks, summarised
from shouyue.surveys.results.rules.words import grouped
from shouyue.surveys.waves.public import Reading, Sheet, StratumCount, WavePlan, plan_of, reading_of, strata_counts


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
    """All that a closed wave says. groups: empty for a simple draw. weight_effect: Kish's, of the weights."""

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
    """The result of a closed wave; None while it is open, when nobody answered, or anonymously so few."""
    if plan.closed_at is None or not is_told(plan):
        return None
    reading = reading_of(plan)
    kept, answered = reading.looks[-1].kept, reading.looks[-1].asked
    invited = Sheet.objects.filter(wave=plan.wave_id).count()
    groups = _groups(plan)
    questions = questions_of(plan.wave.questionnaire)
    sheets = _marks_of(plan)
    found = summarised(questions, sheets)
    shelter = _sheltered(plan, questions, found) if plan.wave.is_anonymous else None
    weights = [one.weight for one in groups for _answer in range(one.count.asked) if one.weight]
    effect = reading.raking.kish if reading.raking else (kish_effect(weights) if weights else None)
    return Result(
        reading=reading,
        kept=kept,
        answered=answered,
        invited=invited,
        bounds=worst_case(kept, answered, invited),
        tipping=tipping_point(kept, answered, invited, float(plan.target)),
        groups=groups,
        weight_effect=effect,
        questions=shelter.summaries if shelter else found,
        drivers=_drivers(questions, sheets, plan.wave.questionnaire)
        if shelter is None or shelter.is_whole
        else Drivers(0, reason="hidden"),
        change=_change(plan.wave, Counts(kept=kept, asked=answered, estimate=reading.estimate)),
    )


def words_of(plan: WavePlan) -> list[tuple[Question, dict[str, list[str]]]]:
    """What was written, by question and topic; only for who may read it. Nothing says who wrote it."""
    questions, said = questions_of(plan.wave.questionnaire), _said(plan)
    may_show = {one.code for one in questions}
    if plan.wave.is_anonymous:
        may_show = _sheltered(plan, questions, summarised(questions, _marks_of(plan))).texts
    found = []
    for one in questions:
        texts = sorted(str(words[one.code]) for words in said if one.code in words)
        if texts and one.code in may_show:
            found.append((one, grouped(texts)))
    return found


def is_told(plan: WavePlan) -> bool:
    """Whether a closed wave says anything: somebody answered, and in an anonymous one not only a handful."""
    answered = int(plan.counted[-1]["asked"]) if plan.counted else 0
    return answered >= (CELL_MIN if plan.wave.is_anonymous else 1)


def _marks_of(plan: WavePlan) -> list[dict[str, Any]]:
    """Marks and chosen answers of each answer that was sent."""
    if plan.wave.is_anonymous:
        return boxed_marks(plan.wave_id)
    return list(Sheet.objects.filter(wave=plan.wave_id, sent_at__isnull=False).values_list("marks", flat=True))


def _said(plan: WavePlan) -> list[dict[str, Any]]:
    """Free words of each answer that was sent."""
    if plan.wave.is_anonymous:
        return boxed_words(plan.wave_id)
    sheets = Sheet.objects.filter(wave=plan.wave_id, sent_at__isnull=False, words__isnull=False)
    opened = [sheet.words.plain for sheet in unseal(sheets, ["words"]) if sheet.words is not None]
    return [words for words in opened if isinstance(words, dict)]


def _sheltered(plan: WavePlan, questions: Sequence[Question], found: Sequence[QuestionSummary]) -> Sheltered:
    said, questionnaire = _said(plan), plan.wave.questionnaire
    # Of loyalty two questions count together, so the verdict gives no sum of the cells of one.
    counted = counted_questions(questionnaire.measure, questions)
    return sheltered(
        found,
        outcome=counted[0].code if len(counted) == 1 else "",
        satisfied_from=next(mark for mark in count_from(1) if satisfied(mark, questionnaire.scale_max)),
        texts=[(one, sum(one.code in words for words in said)) for one in questions if one.kind == "text"],
    )


def _groups(plan: WavePlan) -> list[Group]:
    counts = strata_counts(plan)
    if list(counts) == [""]:
        return []
    hidden = hidden_cells({name: one.asked for name, one in counts.items()})
    return [
        Group(
            name=name,
            count=one,
            # Raked weights differ within a group.
            weight=one.size / one.asked if one.asked and not (plan.is_weighted and plan.margins) else None,
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


def _change(wave: Wave, now: Counts) -> Change | None:
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
    kept_before, asked_before = _kept_of(before)
    if not asked_before or not now.asked or (before.is_anonymous and asked_before < CELL_MIN):
        return None
    plan = plan_of(before.pk)
    estimate = reading_of(plan).estimate if plan and plan.is_weighted else None
    then = Counts(kept=kept_before, asked=asked_before, estimate=estimate)
    # Of an anonymous wave there are none: nobody is the same.
    pairs = pairs_of(satisfied_by_customer(before), satisfied_by_customer(wave))
    paired = None
    if pairs.people >= PAIRED_MIN and pairs.lost + pairs.won:
        paired = same_people_changed(both=pairs.both, lost=pairs.lost, won=pairs.won, neither=pairs.neither)
    # As of different people; whether the same ones changed their mind is told beside it.
    found = compared(then, now, None)
    if found.low is None or found.high is None:
        return None
    interval = Interval(found.low, found.high, 0.95, found.ground.value)
    return Change(before, then.share, found.difference, interval, pairs.people, paired)


def _kept_of(wave: Wave) -> tuple[int, int]:
    """(satisfied, answered)."""
    scores = score_counts(wave)
    return sum(n for score, n in scores.items() if satisfied(score, wave.questionnaire.scale_max)), sum(scores.values())


def satisfied_by_customer(wave: Wave) -> dict[UUID, bool]:
    """What each customer said, by the mark that counts; nobody of an anonymous wave."""
    scores = Response.objects.filter(wave=wave).values_list("customer_id", "score")
    return {customer: satisfied(score, wave.questionnaire.scale_max) for customer, score in scores}
