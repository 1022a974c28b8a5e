"""What a wave says once it is closed, by the plan that was frozen when it was drawn.

One look: the exact limits of the agreed rule; hypergeometric ones where most of a small frame is asked. Two looks:
group-sequential limits, the first look that decides stands. Strata drawn out of proportion, or margins that were
frozen: the weighted share, and its Korn-Graubard interval decides; nothing is decided where the margins were not
reached. The same counts always give the same verdict; `replay.py` repeats the first two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shouyue.kernel.shares import Interval
from shouyue.surveys.estimates.rules.decision import (
    Decision,
    Exact,
    decision_interval,
    extra_answers_needed,
    literal_verdict,
    verdict,
)
from shouyue.surveys.estimates.rules.designs import Estimate, decision_share
from shouyue.surveys.estimates.rules.looks import verdict_at_look
from shouyue.surveys.weights.rules.margins import Margins
from shouyue.surveys.weights.rules.raking import Cell, Raked, drawn_design, kept_of, raked

# Where at least this part of the frame is asked, the tails are those of draws without replacement.
SMALL_FRAME_PART = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Look:
    """Answers so far when somebody looked, and the risk that all looks up to this one may have spent."""

    kept: int
    asked: int
    spent: str


@dataclass(frozen=True, slots=True)
class StratumCount:
    """A stratum of the frame: its customers, how many answered, how many of these are satisfied."""

    size: int
    asked: int
    kept: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The verdict of a wave with the interval that agrees with it.

    value: the share, weighted where `estimate` is given. extra_needed: more answers until a verdict at this share,
    0 when there is one, None when no number would do or the plan has no look left. literal: by the letter alone.
    raking: where margins were frozen.
    """

    decision: Decision
    literal: Decision
    value: float | None
    interval: Interval | None
    extra_needed: int | None
    looks: tuple[Look, ...]
    population: int | None
    estimate: Estimate | None = None
    raking: Raked | None = None


@dataclass(frozen=True, slots=True)
class Margined:
    """The answers of a wave with frozen margins. sizes: customers of each stratum of the frame."""

    cells: tuple[Cell, ...]
    sizes: tuple[tuple[str, int], ...]
    margins: Margins

    def raked(self, risk: Fraction) -> Raked:
        return raked(self.cells, self.sizes, self.margins, risk)


def read_wave(
    looks: Sequence[Look],
    p0: Exact,
    *,
    population: int | None = None,
    strata: Mapping[str, StratumCount] | None = None,
    margined: Margined | None = None,
) -> Reading:
    """Judge the looks of a wave. population: of a small frame that was drawn from; one look only.

    strata: given for a draw out of proportion; the answers are then weighted back. margined: given where margins were
    frozen; they are then raked. Counts as for decision_limits.
    """
    last = looks[-1]
    if last.asked == 0:
        undecided = Decision.UNDETERMINED
        return Reading(undecided, undecided, None, None, None, tuple(looks), population)
    if strata is not None or margined is not None:
        return _weighted(looks, p0, strata or {}, margined)
    risk = Fraction(last.spent)
    if population is not None and len(looks) == 1:
        decision = verdict(last.kept, last.asked, p0, risk, population)
    else:
        decision = verdict_at_look([k.kept for k in looks], [k.asked for k in looks], [k.spent for k in looks], p0)
        population = None
    is_open = decision is Decision.UNDETERMINED
    return Reading(
        decision=decision,
        literal=literal_verdict(last.kept, last.asked, p0),
        value=last.kept / last.asked,
        interval=decision_interval(last.kept, last.asked, risk, population),
        extra_needed=extra_answers_needed(last.kept, last.asked, p0, risk, population) if is_open else 0,
        looks=tuple(looks),
        population=population,
    )


def weighted_share(strata: Mapping[str, StratumCount], risk: Fraction) -> Estimate | None:
    """The share in the whole frame from strata that were drawn out of proportion; None without answers."""
    cells = [Cell(name, (), one.asked, one.kept) for name, one in sorted(strata.items()) if one.asked]
    if not cells:
        return None
    design = drawn_design(cells, {name: one.size for name, one in strata.items()})
    return decision_share(kept_of(cells), design, level=float(1 - 2 * risk))


def _weighted(
    looks: Sequence[Look], p0: Exact, strata: Mapping[str, StratumCount], margined: Margined | None
) -> Reading:
    last, risk = looks[-1], Fraction(looks[-1].spent)
    if len(looks) > 1:
        # No exact spending for weighted answers: the looks share the risk (Bonferroni), which is more careful.
        risk -= Fraction(looks[-2].spent)
    raking = margined.raked(risk) if margined else None
    found = raking.estimate if raking else weighted_share(strata, risk)
    if found is None:
        raise ValueError("answers were counted that no stratum has")
    target = float(Fraction(p0))
    decision = Decision.UNDETERMINED
    if raking and raking.refusal:
        # Who stays silent, or too rarely answers to be weighted, would move a verdict by the draw alone.
        pass
    elif found.high < target:
        decision = Decision.MISSED
    elif found.low >= target:
        decision = Decision.MET
    return Reading(
        decision=decision,
        literal=Decision.MET if found.value >= target else Decision.MISSED,
        value=found.value,
        interval=Interval(found.low, found.high, float(1 - 2 * risk), "korn-graubard"),
        extra_needed=0 if decision is not Decision.UNDETERMINED else None,
        looks=(last,),
        population=None,
        estimate=found,
        raking=raking,
    )
