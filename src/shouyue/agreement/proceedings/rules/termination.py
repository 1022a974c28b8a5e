"""Ending the contract early (clauses 10.1 and 10.2): notice, thirty days, a checklist that both parties tick."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

NOTICE_DAYS = 30  # clause 10.2


class Ground(StrEnum):
    """Why the contract is ended, as 10.1 allows."""

    CONSENT = "consent"
    BREACH = "breach"
    FORCE_MAJEURE = "force_majeure"


class Step(StrEnum):
    """What a party may do after the notice."""

    STATE = "state"
    CONSENT = "consent"
    OBJECT = "object"
    TICK = "tick"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class Stage(StrEnum):
    """Where a termination stands."""

    NOTICE = "notice"  # waits for the other party's consent
    RUNNING = "running"
    OBJECTED = "objected"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


ENDED = frozenset({Stage.CLOSED, Stage.WITHDRAWN})
# Clause 10.2, in its order. What a party ticks it states for itself; an item is done when both have.
ITEMS = ("data", "benefits", "accounts", "confidentiality", "records")


class Lack(StrEnum):
    """Why a notice cannot be given."""

    NO_BREACH = "no_breach"  # a claim that was not cured must be named
    NO_REASON = "no_reason"
    OPEN_ALREADY = "open_already"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step, by which party, on which day. item: of the checklist for a tick, else ""."""

    step: Step
    party: str
    on: date
    item: str = ""


@dataclass(frozen=True, slots=True)
class Termination:
    """Where a termination stands. ticks: by item, the day on which each party ticked it."""

    stage: Stage
    ticks: dict[str, dict[str, date]] = field(default_factory=dict)

    def is_done(self, item: str) -> bool:
        return set(self.ticks.get(item, {})) == {"a", "b"}

    @property
    def is_complete(self) -> bool:
        return all(self.is_done(item) for item in ITEMS)


def earliest_end(noticed_on: date) -> date:
    """The first day on which the contract can end: when the thirty days of notice are over."""
    return noticed_on + timedelta(days=NOTICE_DAYS)


def lacks(ground: Ground, *, has_uncured_claim: bool, reason: str, is_open: bool) -> list[Lack]:
    """Everything that keeps a notice from being given. is_open: another termination runs."""
    found = []
    if ground is Ground.BREACH and not has_uncured_claim:
        found.append(Lack.NO_BREACH)
    if not reason.strip():
        found.append(Lack.NO_REASON)
    if is_open:
        found.append(Lack.OPEN_ALREADY)
    return found


def termination_after(ground: Ground, steps: Sequence[Taken]) -> Termination:
    """The termination after these steps, in their order."""
    stage = Stage.NOTICE if ground is Ground.CONSENT else Stage.RUNNING
    leads_to = {
        Step.CONSENT: Stage.RUNNING,
        Step.OBJECT: Stage.OBJECTED,
        Step.CLOSE: Stage.CLOSED,
        Step.WITHDRAW: Stage.WITHDRAWN,
    }
    ticks: dict[str, dict[str, date]] = {}
    for one in steps:
        if one.step is Step.TICK:
            ticks.setdefault(one.item, {}).setdefault(one.party, one.on)
        stage = leads_to.get(one.step, stage)
    return Termination(stage, ticks)


def steps_open_to(now: Termination, *, party: str, opener: str, noticed_on: date, on: date) -> list[Step]:
    """What a party may do on a day. Closing takes the whole checklist and the days of notice."""
    if party not in {"a", "b"} or now.stage in ENDED:
        return []
    found = [Step.STATE]
    if party != opener and now.stage in {Stage.NOTICE, Stage.OBJECTED}:
        found.append(Step.CONSENT)
    if party != opener and now.stage in {Stage.NOTICE, Stage.RUNNING}:
        found.append(Step.OBJECT)
    if now.stage is Stage.RUNNING and any(party not in now.ticks.get(item, {}) for item in ITEMS):
        found.append(Step.TICK)
    if now.stage is Stage.RUNNING and now.is_complete and on >= earliest_end(noticed_on):
        found.append(Step.CLOSE)
    if party == opener:
        found.append(Step.WITHDRAW)
    return found
