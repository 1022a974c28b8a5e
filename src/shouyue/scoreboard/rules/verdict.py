"""From counts and a target to what the scoreboard says of a measure.

Two things are kept apart. The decision (met, missed, undetermined) is what the answers prove. The state is what the
page says: it adds "at risk" for an estimate below a target that is not missed, and "not due" and "not measured".
Neither is a breach: a breach is a party's claim, which needs more than a missed target.
"""

from dataclasses import dataclass
from enum import StrEnum

from shouyue.kernel.shares import Interval
from shouyue.surveys.estimates.rules.decision import (
    FIVE_PERCENT,
    Decision,
    Exact,
    decision_interval,
    extra_answers_needed,
    literal_verdict,
)
from shouyue.surveys.estimates.rules.decision import verdict as sample_verdict
from shouyue.surveys.waves.rules.reading import Reading

__all__ = ["FIVE_PERCENT", "Basis", "Judgement", "State", "decision_interval", "judge"]


class State(StrEnum):
    """What the scoreboard says of a measure."""

    MET = "met"
    AT_RISK = "at_risk"
    MISSED = "missed"
    UNDETERMINED = "undetermined"
    NOT_DUE = "not_due"
    NOT_MEASURED = "not_measured"


class Basis(StrEnum):
    """Where the counts come from, and so what can be concluded from them.

    SAMPLE: a frozen, drawn sample: the decision rule holds. AS_FOUND: answers that nobody drew; the same arithmetic is
    shown for comparison, but no draw supports it. CENSUS: everyone is counted: an exact figure without an interval.
    """

    SAMPLE = "sample"
    AS_FOUND = "as_found"
    CENSUS = "census"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judged measure.

    state: for the page. decision: what the counts prove; literal_state: MET or MISSED by share >= target alone; both
    None when there is nothing to judge (not due, not measured). share: kept/asked, None without answers.
    interval: the one that agrees with the decision; None for a census and without a decision.
    extra_needed: more answers until a decision at the present share; 0 when decided, None when none would do.
    """

    state: State
    kept: int
    asked: int
    share: float | None
    interval: Interval | None
    decision: Decision | None
    literal_state: State | None
    extra_needed: int | None
    basis: Basis

    @property
    def is_supported_by_draw(self) -> bool:
        """False when the interval and the decision are arithmetic on answers that were not drawn."""
        return self.basis is not Basis.AS_FOUND


def judge(
    *,
    kept: int,
    asked: int,
    p0: Exact,
    basis: Basis,
    is_due: bool,
    alpha: Exact = FIVE_PERCENT,
    population: int | None = None,
    reading: Reading | None = None,
) -> Judgement:
    """Judge `kept` of `asked` against the target share p0.

    kept, asked: 0 <= kept <= asked. p0, alpha: exact shares (text, Decimal, Fraction), see surveys' decision rules.
    is_due: the period is closed; before that the counts are shown and nothing is decided.
    population: the customers a sample was drawn from, when it is small enough to matter; not for other bases.
    reading: what a drawn wave says by its own frozen plan (several looks, weights); it decides.
    Raises ValueError outside the limits.
    """
    if population is not None and basis is not Basis.SAMPLE:
        raise ValueError("only a drawn sample has a population it was drawn from")
    literal = literal_verdict(kept, asked, p0)
    if not is_due or asked == 0:
        state = State.NOT_MEASURED if is_due else State.NOT_DUE
        return _undecided(state, kept, asked, basis)
    if reading is not None and basis is Basis.SAMPLE:
        return _read(reading, kept, asked)
    decision = literal
    interval: Interval | None = None
    extra_needed: int | None = 0
    if basis is not Basis.CENSUS:
        decision = sample_verdict(kept, asked, p0, alpha, population)
        interval = decision_interval(kept, asked, alpha, population)
        extra_needed = extra_answers_needed(kept, asked, p0, alpha, population)
    return Judgement(
        state=_state(decision, literal),
        kept=kept,
        asked=asked,
        share=kept / asked,
        interval=interval,
        decision=decision,
        literal_state=State(literal),
        extra_needed=extra_needed,
        basis=basis,
    )


def _read(reading: Reading, kept: int, asked: int) -> Judgement:
    return Judgement(
        state=_state(reading.decision, reading.literal),
        kept=kept,
        asked=asked,
        share=reading.value,
        interval=reading.interval,
        decision=reading.decision,
        literal_state=State(reading.literal),
        extra_needed=reading.extra_needed,
        basis=Basis.SAMPLE,
    )


def _undecided(state: State, kept: int, asked: int, basis: Basis) -> Judgement:
    return Judgement(
        state=state,
        kept=kept,
        asked=asked,
        share=kept / asked if asked else None,
        interval=None,
        decision=None,
        literal_state=None,
        extra_needed=None,
        basis=basis,
    )


def _state(decision: Decision, literal: Decision) -> State:
    if decision is Decision.UNDETERMINED and literal is Decision.MISSED:
        return State.AT_RISK
    return State(decision)
