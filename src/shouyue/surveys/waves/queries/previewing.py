"""What the planner shows before anything is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from shouyue.agreement.public import current_agreement, pinned_targets
from shouyue.surveys.questionnaires.public import ensure_template
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.queries.counting import strata_counts
from shouyue.surveys.waves.queries.frames import Frame, frame_of
from shouyue.surveys.waves.rules.drawing import optimal, proportional, share_spread
from shouyue.surveys.waves.rules.planning import Forecast, forecast
from shouyue.surveys.waves.rules.reading import SMALL_FRAME_PART

# Before anything is signed.
DEFAULT_TARGETS = {"satisfaction": "0.9", "loyalty_survey": "0.8"}


@dataclass(frozen=True, slots=True)
class Preview:
    """spreads: by stratum, from the last closed wave; empty for a draw in proportion. sizes: drawn of each stratum."""

    frame: Frame
    sizes: dict[str, int]
    spreads: dict[str, float]
    forecast: Forecast
    target: str

    @property
    def is_weighted(self) -> bool:
        """Whether the verdict will rest on weighted answers, for which there are no exact limits ahead."""
        return bool(self.spreads or self.frame.attributes)

    @property
    def is_census(self) -> bool:
        return sum(self.sizes.values()) == len(self.frame.people)

    @property
    def strata(self) -> list[tuple[str, int, int]]:
        """Name, customers and drawn of each stratum; empty for a simple draw."""
        sizes = self.frame.sizes
        return [(name, sizes[name], self.sizes.get(name, 0)) for name in sizes] if list(sizes) != [""] else []


def agreed_target(questionnaire: str) -> str:
    """The target as signed, exact: of loyalty for its survey, of satisfaction for all others."""
    agreement = current_agreement()
    targets = pinned_targets(agreement.pk) if agreement else []
    measure = ensure_template(questionnaire).measure or "satisfaction"
    found = next((one.threshold_bp for one in targets if one.measure == measure), None)
    return DEFAULT_TARGETS[measure] if found is None else str(Decimal(found) / 10_000)


def preview(
    questionnaire: str,
    *,
    wanted: int,
    top_up: int,
    response: Fraction,
    cost_fen: int,
    strata: str,
    is_optimal: bool,
    margins: Sequence[str],
    on: date,
) -> Preview | None:
    """What a wave opened today would draw and could show; None where nobody may be asked.

    margins: attributes of the frame that answers will be weighted to.
    """
    frame = frame_of(strata, on=on, attributes=margins)
    if not frame.people:
        return None
    spreads = spreads_now(frame) if is_optimal and strata else {}
    sizes = optimal(frame.sizes, spreads, wanted) if spreads else proportional(frame.sizes, wanted)
    size = len(frame.people)
    is_small = not (top_up or strata or margins) and sum(sizes.values()) >= SMALL_FRAME_PART * size
    target = agreed_target(questionnaire)
    found = forecast(
        wanted=wanted,
        top_up=top_up,
        response=response,
        p0=target,
        cost_fen=cost_fen,
        frame=size,
        population=size if is_small else None,
    )
    return Preview(frame, sizes, spreads, found, target)


def spreads_now(frame: Frame) -> dict[str, float]:
    """The standard deviation of one answer expected in each stratum: as in the last closed wave, never below 0.1."""
    last = (
        WavePlan.objects.filter(closed_at__isnull=False)
        .select_related("wave__questionnaire")
        .order_by("-closed_at")
        .first()
    )
    counts = strata_counts(last) if last is not None else {}
    shares = {name: one.kept / one.asked for name, one in counts.items() if one.asked >= 10}
    everywhere = sum(one.kept for one in counts.values()) / max(1, sum(one.asked for one in counts.values())) or 0.9
    return {name: max(0.1, share_spread(shares.get(name, everywhere))) for name in frame.sizes}
