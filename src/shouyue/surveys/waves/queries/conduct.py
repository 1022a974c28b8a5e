"""How waves were carried out: what could have moved their result without a customer changing their mind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncMinute

from shouyue.kernel.clock import day_in
from shouyue.surveys.answers.public import Response
from shouyue.surveys.waves.models import Sheet, WavePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveConduct:
    """One drawn wave. excluded, frame_size: customers left out of the frame and in it.

    answered: answers kept; busiest_minute: the most of them within one minute, 0 where no times are kept;
    by_interviewer: typed in by staff or sent in by programs, not given by the customer's own hand.
    closes_on, closed_on: as planned, and when it was closed (None while it is open). looks_planned: at how many counts
    a verdict was to be sought; looks: (kept, asked) of those taken; judged: the same with the risk spent up to each.
    target: exact, "0.9". population: of a small frame. invited_by_look: customers asked up to each planned look; risks:
    what may be spent up to each. margins_hash: "" where there are none.
    """

    wave_id: UUID
    excluded: int
    frame_size: int
    answered: int
    busiest_minute: int
    by_interviewer: int
    closes_on: date
    closed_on: date | None
    looks_planned: int
    looks: tuple[tuple[int, int], ...]
    judged: tuple[tuple[int, int, str], ...]
    target: str
    population: int | None
    is_weighted: bool
    frame_hash: str
    margins_hash: str
    invited_by_look: tuple[int, ...]
    risks: tuple[str, ...]


def conduct_of(waves: Sequence[UUID]) -> dict[UUID, WaveConduct]:
    """By wave, for those that were drawn. Three statements, however many waves."""
    plans = WavePlan.objects.filter(wave__in=waves).select_related("wave").defer("frame", "traits")
    answered = _answered(waves)
    typed_in = dict(
        Sheet.objects.filter(wave__in=waves, channel__in=("interviewer", "api"), sent_at__isnull=False)
        .order_by()
        .values_list("wave_id")
        .annotate(Count("wave_id"))
    )
    return {
        plan.wave_id: WaveConduct(
            wave_id=plan.wave_id,
            excluded=sum(int(number) for number in plan.excluded.values()),
            frame_size=plan.frame_size,
            answered=sum(answered.get(plan.wave_id, [])) or sum(int(look["asked"]) for look in plan.counted[-1:]),
            busiest_minute=max(answered.get(plan.wave_id, []), default=0),
            by_interviewer=typed_in.get(plan.wave_id, 0),
            closes_on=plan.closes_on,
            closed_on=day_in(plan.wave.zone, plan.closed_at) if plan.closed_at else None,
            looks_planned=len(plan.looks),
            looks=tuple((int(look["kept"]), int(look["asked"])) for look in plan.counted),
            judged=tuple((int(look["kept"]), int(look["asked"]), str(look["spent"])) for look in plan.counted),
            target=plan.target,
            population=plan.frame_size if plan.is_small_frame else None,
            is_weighted=plan.is_weighted,
            frame_hash=plan.frame_hash,
            margins_hash=plan.margins_hash,
            invited_by_look=tuple(sum(look["sizes"].values()) for look in plan.looks),
            risks=tuple(str(look["spent"]) for look in plan.looks),
        )
        for plan in plans
    }


def open_waves(measure: str) -> list[WaveConduct]:
    """The drawn waves that ask for a measure now and are still open, the oldest first."""
    plans = WavePlan.objects.filter(closed_at__isnull=True, wave__questionnaire__measure=measure)
    return list(conduct_of(list(plans.order_by("opened_at").values_list("wave_id", flat=True))).values())


def _answered(waves: Sequence[UUID]) -> dict[UUID, list[int]]:
    """Answers of each wave by the minute in which they came."""
    rows = Response.objects.filter(wave__in=waves).order_by().annotate(minute=TruncMinute("answered_at"))
    found: dict[UUID, list[int]] = {}
    for wave_id, _minute, number in rows.values_list("wave_id", "minute").annotate(Count("wave_id")):
        found.setdefault(wave_id, []).append(number)
    return found
