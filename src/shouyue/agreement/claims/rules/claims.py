"""Breach claims (clauses 8.1 and 8.2) as plain values: what one needs, and which step may follow which.

The product never says that a contract is broken. A claim is a party's assertion; these rules only see to it that it
says what clause 8 asks for, and that both parties are heard in order and in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

REPLY_DAYS = 30  # clause 8.2(1)
ARGUMENT_MIN = 20


class Ground(StrEnum):
    """The item of clause 8.1 that a claim rests on."""

    SATISFACTION = "8.1(1)"
    LOYALTY = "8.1(2)"
    INFORMATION = "8.1(3)"
    OTHER_DUTY = "8.1(4)"


# Whom a ground can be held against, and which measures show its target.
AGAINST = {Ground.SATISFACTION: "a", Ground.LOYALTY: "b"}
MEASURES = {
    Ground.SATISFACTION: frozenset({"satisfaction"}),
    Ground.LOYALTY: frozenset({"repurchase", "retention", "loyalty_survey"}),
}


class Lack(StrEnum):
    """Why a claim cannot be filed as it is."""

    OWN_SIDE = "own_side"  # a party claims against the other one
    WRONG_SIDE = "wrong_side"  # this target answers for the duties of the other party
    NO_TARGET = "no_target"  # 8.1(1) and (2) need a target that was missed by the agreed rule
    WRONG_TARGET = "wrong_target"
    NO_DUTY = "no_duty"  # a duty that was not performed must be named
    FOREIGN_DUTY = "foreign_duty"  # a named duty is not owed by the accused, or was performed
    NO_ARGUMENT = "no_argument"
    FOREIGN_FACT = "foreign_fact"  # the named fact is not owed by the accused, or the ground is another one


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDuty:
    """A duty as the claim names it. owner: a, b, both."""

    owner: str
    is_not_performed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A claim about to be filed. measure, decision: of the pinned result, "" without one.

    disclosure_owner: who owes the named fact, "" without one.
    """

    by: str
    against: str
    ground: Ground
    measure: str
    decision: str
    duties: Sequence[NamedDuty]
    argument: str
    disclosure_owner: str = ""


def lacks(draft: Draft) -> list[Lack]:
    """Everything that keeps a claim from being filed; empty for one that says what clause 8 asks for."""
    found = []
    if draft.by == draft.against or {draft.by, draft.against} - {"a", "b"}:
        found.append(Lack.OWN_SIDE)
    if AGAINST.get(draft.ground, draft.against) != draft.against:
        found.append(Lack.WRONG_SIDE)
    if draft.ground in MEASURES:
        if draft.decision != "missed":
            found.append(Lack.NO_TARGET)
        elif draft.measure not in MEASURES[draft.ground]:
            found.append(Lack.WRONG_TARGET)
    if draft.ground is not Ground.INFORMATION and not draft.duties:
        found.append(Lack.NO_DUTY)
    if any(not one.is_not_performed or one.owner not in {draft.against, "both"} for one in draft.duties):
        found.append(Lack.FOREIGN_DUTY)
    if draft.disclosure_owner and (draft.ground, draft.disclosure_owner) != (Ground.INFORMATION, draft.against):
        found.append(Lack.FOREIGN_FACT)
    if len(draft.argument.strip()) < ARGUMENT_MIN:
        found.append(Lack.NO_ARGUMENT)
    return found


class Step(StrEnum):
    """What a party may do after the notice."""

    CONTEST = "contest"
    ACCEPT = "accept"
    CURE = "cure"
    CONFIRM = "confirm"
    REJECT_CURE = "reject_cure"
    SETTLE = "settle"
    WITHDRAW = "withdraw"
    DISPUTE = "dispute"


class State(StrEnum):
    """Where a claim stands. Unanswered is not a step but a day that passed."""

    NOTIFIED = "notified"
    UNANSWERED = "unanswered"
    CONTESTED = "contested"
    ACCEPTED = "accepted"
    CURED = "cured"
    CLOSED = "closed"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"


ENDED = frozenset({State.CLOSED, State.SETTLED, State.WITHDRAWN})
_ACCUSED, _CLAIMANT, _EITHER = "accused", "claimant", "either"
# From a state, by whom, with what step, to which state.
_CONTEST = {Step.CONTEST: (_ACCUSED, State.CONTESTED)}
_ACCEPT = {Step.ACCEPT: (_ACCUSED, State.ACCEPTED)}
_CURE = {Step.CURE: (_ACCUSED, State.CURED)}
_SETTLE = {Step.SETTLE: (_CLAIMANT, State.SETTLED)}
_WITHDRAW = {Step.WITHDRAW: (_CLAIMANT, State.WITHDRAWN)}
_MOVES: dict[State, dict[Step, tuple[str, State]]] = {
    State.NOTIFIED: {**_CONTEST, **_ACCEPT, **_CURE, **_WITHDRAW},
    State.UNANSWERED: {**_CONTEST, **_ACCEPT, **_SETTLE, Step.DISPUTE: (_CLAIMANT, State.DISPUTED), **_WITHDRAW},
    State.CONTESTED: {**_ACCEPT, **_CURE, Step.DISPUTE: (_EITHER, State.DISPUTED), **_WITHDRAW},
    State.CURED: {
        Step.CONFIRM: (_CLAIMANT, State.CLOSED),
        Step.REJECT_CURE: (_CLAIMANT, State.CONTESTED),
        **_WITHDRAW,
    },
    State.ACCEPTED: {**_SETTLE, **_CURE, **_WITHDRAW},
    State.DISPUTED: {**_SETTLE, **_ACCEPT, **_WITHDRAW},
}


def reply_by(noticed_on: date) -> date:
    """The last day on which the accused party may answer or cure, the thirtieth after the notice."""
    return noticed_on + timedelta(days=REPLY_DAYS)


def state_of(steps: Sequence[Step], *, noticed_on: date, on: date) -> State:
    """Where a claim stands on a day. Raises ValueError for steps in an order that the rules do not allow."""
    state = State.NOTIFIED
    for step in steps:
        moves = {**_MOVES.get(State.UNANSWERED, {}), **_MOVES[State.NOTIFIED]} if state is State.NOTIFIED else None
        allowed = moves if moves is not None else _MOVES.get(state, {})
        if step not in allowed:
            raise ValueError(f"{step} cannot follow when a claim is {state}")
        state = allowed[step][1]
    return State.UNANSWERED if state is State.NOTIFIED and on > reply_by(noticed_on) else state


def steps_open_to(state: State, *, party: str, claimant: str) -> list[Step]:
    """What a party ("a", "b"; anybody else has none) may do next."""
    if party not in {"a", "b"}:
        return []
    role = _CLAIMANT if party == claimant else _ACCUSED
    return [step for step, (who, _next) in _MOVES.get(state, {}).items() if who in {role, _EITHER}]


def waits_for(state: State, *, claimant: str) -> str | None:
    """The party whose move it is; None once a claim has ended. A dispute waits for the claimant to bring its end."""
    if state in ENDED:
        return None
    accused = "b" if claimant == "a" else "a"
    return accused if state is State.NOTIFIED else claimant
