"""What a planned wave can be expected to show: how likely a verdict is, what it costs, whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from shouyue.surveys.estimates.rules.decision import Exact, Limits, decision_limits
from shouyue.surveys.estimates.rules.looks import look_limits
from shouyue.surveys.estimates.rules.planner import answers_for_verdict

# True shares that a party may have, as distances from the target.
DISTANCES = ("-0.05", "-0.03", "-0.02", "0.02", "0.03", "0.05")


@dataclass(frozen=True, slots=True)
class PowerRow:
    """If the true share were this: answers for a verdict in four of five waves, and the chance with those expected.

    answers: None where no wave that one would plan is large enough. invitations: at the expected response rate.
    """

    share: float
    answers: int | None
    invitations: int | None
    chance: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """answers: expected. limits: of one look at them. looks: of the two looks at them, where a top-up is planned."""

    answers: int
    limits: Limits
    looks: tuple[tuple[int, Limits], ...]
    rows: tuple[PowerRow, ...]
    cost_fen: int
    cost_most_fen: int


def forecast(
    *, wanted: int, top_up: int, response: Fraction, p0: Exact, cost_fen: int, frame: int, population: int | None = None
) -> Forecast:
    """wanted, top_up: invitations; response: expected answers per invitation, above 0; cost_fen: of one invitation.

    population: the frame where it is small enough to count. Costs: of the first part, and with the top-up.
    """
    answers = max(1, int(min(wanted, frame) * response))
    more = max(answers, int(min(wanted + top_up, frame) * response))
    limits = decision_limits(answers, p0, population=population)
    looks = (
        tuple(zip((answers, more), look_limits([answers, more], ("1/40", "1/20"), p0), strict=True))
        if more > answers
        else ()
    )
    return Forecast(
        answers=answers,
        limits=limits,
        looks=looks,
        rows=tuple(_power_rows(answers, limits, response, p0)),
        cost_fen=min(wanted, frame) * cost_fen,
        cost_most_fen=min(wanted + top_up, frame) * cost_fen,
    )


def _power_rows(answers: int, limits: Limits, response: Fraction, p0: Exact) -> Sequence[PowerRow]:
    rows = []
    for distance in DISTANCES:
        share = float(Fraction(p0) + Fraction(distance))
        if not 0 < share < 1:
            continue
        needed = answers_for_verdict(share, p0)
        invited = None if needed is None else ceil(needed / response)
        rows.append(
            PowerRow(share, needed, invited, chance_of_verdict(answers, limits, share, below=share < Fraction(p0)))
        )
    return rows


def chance_of_verdict(answers: int, limits: Limits, share: float, *, below: bool) -> float:
    """How likely so many answers give the true verdict (MISSED for a share below the target, else MET)."""
    from scipy.special import bdtr, bdtrc

    if below:
        return float(bdtr(limits.missed_max, answers, share)) if limits.missed_max is not None else 0.0
    return float(bdtrc(limits.met_min - 1, answers, share)) if limits.met_min is not None else 0.0
