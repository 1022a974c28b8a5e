"""Answers of a wave by stratum, and what the closed wave says."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shouyue.surveys.answers.public import Response, Wave, score_counts
from shouyue.surveys.estimates.public import satisfied
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.queries import weighting
from shouyue.surveys.waves.rules.reading import Look, Reading, StratumCount, read_wave


def count_of(wave: Wave) -> tuple[int, int]:
    """(satisfied, answered) so far."""
    numbers = score_counts(wave)
    kept = sum(number for score, number in numbers.items() if satisfied(score, wave.questionnaire.scale_max))
    return kept, sum(numbers.values())


def strata_counts(plan: WavePlan) -> dict[str, StratumCount]:
    """Each stratum of the frozen frame with its answers."""
    if plan.wave.is_anonymous:
        # A simple draw, always: a stratum beside an answer would say more of who gave it.
        kept_of_all, asked_of_all = count_of(plan.wave)
        return {"": StratumCount(plan.frame_size, asked_of_all, kept_of_all)}
    return weighting.by_stratum(plan, _said(plan))


def reading_of(plan: WavePlan) -> Reading:
    """What the looks that were counted say; plan with its wave and questionnaire."""
    return read_wave(
        [Look(**one) for one in plan.counted],
        plan.target,
        population=plan.frame_size if plan.is_small_frame else None,
        strata=strata_counts(plan) if plan.is_weighted else None,
        margined=weighting.margined(plan, _said(plan)) if plan.is_weighted and plan.margins else None,
    )


def _said(plan: WavePlan) -> dict[UUID, bool]:
    """Whether each customer who answered is satisfied."""
    scale_max = plan.wave.questionnaire.scale_max
    scores = Response.objects.filter(wave=plan.wave_id).values_list("customer_id", "score")
    return {customer: satisfied(score, scale_max) for customer, score in scores}


def drawn_readings(waves: Sequence[UUID]) -> Mapping[UUID, Reading]:
    """What each of these closed, drawn waves says; waves without a plan (imported ones) are left out."""
    plans = WavePlan.objects.filter(wave__in=waves, closed_at__isnull=False).select_related("wave__questionnaire")
    return {plan.wave_id: reading_of(plan) for plan in plans}
