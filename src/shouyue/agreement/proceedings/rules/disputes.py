"""A dispute (clause 11): negotiation for thirty days, then mediation or the agreed institution."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

STAGE_DAYS = 30  # clause 11.1


class Step(StrEnum):
    """What a party may do about a dispute."""

    STATE = "state"  # a statement or a paper; the stage stays
    OFFER = "offer"
    SETTLE = "settle"  # takes the other party's offer
    MEDIATE = "mediate"
    REFER = "refer"
    DECISION = "decision"
    WITHDRAW = "withdraw"


class Stage(StrEnum):
    """Where a dispute stands."""

    NEGOTIATION = "negotiation"
    MEDIATION = "mediation"
    INSTITUTION = "institution"
    SETTLED = "settled"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


ENDED = frozenset({Stage.SETTLED, Stage.DECIDED, Stage.WITHDRAWN})
_LEADS_TO = {
    Step.MEDIATE: Stage.MEDIATION,
    Step.REFER: Stage.INSTITUTION,
    Step.SETTLE: Stage.SETTLED,
    Step.DECISION: Stage.DECIDED,
    Step.WITHDRAW: Stage.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A step, by which party ("a", "b"), on which day."""

    step: Step
    party: str
    on: date


@dataclass(frozen=True, slots=True)
class Dispute:
    """Where a dispute stands. since: the day the stage began; offer_by: whose offer lies on the table, "" for none."""

    stage: Stage
    since: date
    offer_by: str = ""

    @property
    def deadline(self) -> date | None:
        """The last day of the stage's thirty days; None before the institution, which has its own, and at the end."""
        if self.stage in {Stage.NEGOTIATION, Stage.MEDIATION}:
            return self.since + timedelta(days=STAGE_DAYS)
        return None


def dispute_after(steps: Sequence[Taken], *, opened_on: date) -> Dispute:
    """The dispute after these steps, in their order."""
    now = Dispute(Stage.NEGOTIATION, opened_on)
    for one in steps:
        if one.step is Step.OFFER:
            now = Dispute(now.stage, now.since, one.party)
        elif one.step is not Step.STATE:
            now = Dispute(_LEADS_TO[one.step], one.on)
    return now


def steps_open_to(now: Dispute, *, party: str, opener: str, on: date, has_institution: bool) -> list[Step]:
    """What a party may do on a day. has_institution: one is recorded in the agreement (clause 11.2).

    Mediation and the institution wait until the days of the stage are over; an offer can be taken at any time.
    """
    if party not in {"a", "b"} or now.stage in ENDED:
        return []
    found = [Step.STATE, Step.OFFER]
    if now.offer_by and now.offer_by != party:
        found.append(Step.SETTLE)
    is_over = now.deadline is not None and on > now.deadline
    if now.stage is Stage.NEGOTIATION and is_over:
        found.append(Step.MEDIATE)
    if is_over and has_institution:
        found.append(Step.REFER)
    if now.stage is Stage.INSTITUTION:
        found.append(Step.DECISION)
    if party == opener:
        found.append(Step.WITHDRAW)
    return found
