"""Waves for lists and pages: who was asked, who answered, through which channel, what still can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shouyue.kernel.clock import day_in
from shouyue.surveys.answers.public import Invitation, Response, Wave
from shouyue.surveys.waves.models import Mailing, Sheet, WavePlan
from shouyue.surveys.waves.rules.drawing import drawn, frame_hash
from shouyue.surveys.waves.rules.tokens import token_of


@dataclass(frozen=True, slots=True)
class WaveLine:
    """A wave in the list."""

    wave: Wave
    invited: int
    answered: int

    @property
    def rate(self) -> float | None:
        return self.answered / self.invited if self.invited else None


def wave_lines(shown_max: int = 100) -> list[WaveLine]:
    """The newest waves first, in three statements."""
    waves = list(Wave.objects.select_related("questionnaire", "plan").order_by("-period", "source")[:shown_max])
    ids = [wave.pk for wave in waves]
    invited = _by_wave(Invitation.objects.filter(wave__in=ids))
    answered = _by_wave(Response.objects.filter(wave__in=ids))
    sent = dict(
        Sheet.objects.filter(wave__in=ids, sent_at__isnull=False)
        .order_by()
        .values_list("wave_id")
        .annotate(Count("id"))
    )
    return [WaveLine(wave, invited.get(wave.pk, 0), sent.get(wave.pk) or answered.get(wave.pk, 0)) for wave in waves]


def _by_wave(rows: "QuerySet[Invitation] | QuerySet[Response]") -> dict[UUID, int]:
    return dict(rows.order_by().values_list("wave_id").annotate(Count("wave_id")))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an open wave is. by_round: (sent, not taken) of the invitation and each reminder."""

    invited: int
    begun: int
    sent: int
    by_channel: dict[str, int]
    by_round: dict[int, tuple[int, int]]

    @property
    def rate(self) -> float | None:
        return self.sent / self.invited if self.invited else None


def progress_of(wave_id: UUID) -> Progress:
    """Counts only: while answers come in, nobody sees what they say."""
    sheets = Sheet.objects.filter(wave=wave_id)
    numbers = sheets.aggregate(
        invited=Count("id"),
        begun=Count("id", filter=Q(saved_at__isnull=False)),
        sent=Count("id", filter=Q(sent_at__isnull=False)),
    )
    channels = sheets.filter(sent_at__isnull=False).order_by().values_list("channel").annotate(Count("id"))
    rounds: dict[int, tuple[int, int]] = {}
    rows = Mailing.objects.filter(wave=wave_id).order_by("round").values_list("round", "outcome").annotate(Count("id"))
    for number, outcome, count in rows:
        sent, failed = rounds.get(number, (0, 0))
        is_sent = outcome == Mailing.Outcome.SENT
        rounds[number] = (sent + count, failed) if is_sent else (sent, failed + count)
    return Progress(numbers["invited"], numbers["begun"], numbers["sent"], dict(channels), rounds)


def overdue_waves(at: datetime) -> Sequence[UUID]:
    """Open waves whose last day has passed in their own zone."""
    plans = WavePlan.objects.filter(closed_at__isnull=True).select_related("wave").defer("frame", "traits")
    return [plan.wave_id for plan in plans if day_in(plan.wave.zone, at) > plan.closes_on]


def plan_of(wave_id: UUID) -> WavePlan | None:
    """The plan of a drawn wave with wave and questionnaire; None for an imported one or none at all."""
    return WavePlan.objects.select_related("wave__questionnaire").filter(wave_id=wave_id).first()


def draw_of(plan: WavePlan) -> tuple[str, list[str]]:
    """The hash of the frame and the sample in the order of the draw, both reckoned anew."""
    return frame_hash(plan.frame), drawn(plan.frame, plan.seed, plan.sizes)


def links_of(plan: WavePlan) -> list[str]:
    """The tokens of the personal links of everybody who was drawn and has not answered, in the order of the sheets."""
    silent = Sheet.objects.filter(wave=plan.wave_id, sent_at__isnull=True).order_by("customer_id", "id")
    return [token_of(plan.salt, one) for one in silent.values_list("id", flat=True)]
