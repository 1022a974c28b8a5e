"""Filing a claim of breach, and answering one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouyue.agreement.claims.models import Claim, ClaimBook, ClaimStep
from shouyue.agreement.claims.queries import claim_view
from shouyue.agreement.claims.rules import claims as rules
from shouyue.agreement.claims.targets import missed_targets
from shouyue.agreement.disclosures.public import Disclosure
from shouyue.agreement.filings.public import DueDay, due_days
from shouyue.agreement.terms.public import Agreement
from shouyue.kernel.clock import day_in
from shouyue.store import facts
from shouyue.store.facts import FactBase
from shouyue.store.models import Staff


@dataclass(frozen=True, kw_only=True)
class BreachClaimed(FactBase):
    """A party asserts that the other broke the contract. It is an assertion, not a finding."""

    agreement_id: UUID
    claim_id: UUID
    ground: str
    by_party: str


@dataclass(frozen=True, kw_only=True)
class ClaimAnswered(FactBase):
    """A step was taken about a claim."""

    agreement_id: UUID
    claim_id: UUID
    step: str
    party: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWords:
    """What a party asserts. id: of the claim. result_id: of the missed target; duties: keys of due days.

    disclosure_id: the fact of the register that a claim about information rests on, None without one.
    """

    id: UUID
    ground: str
    result_id: UUID | None
    duties: list[str]
    argument: str
    wanted: str
    evidence: str = ""
    disclosure_id: UUID | None = None


class ClaimRefusedError(Exception):
    """The claim does not say what clause 8 asks for. lacks: what it lacks."""

    def __init__(self, lacks: list[rules.Lack]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = lacks


class StepRefusedError(Exception):
    """This party cannot take this step now. state: where the claim stands."""

    def __init__(self, state: rules.State) -> None:
        super().__init__(f"not while the claim is {state}")
        self.state = state


@transaction.atomic
def claim_breach(agreement: Agreement, words: ClaimWords, *, by: Staff, at: datetime) -> Claim:
    """Give notice of a claim, once; the target and the duties are pinned as they stand. Raises ClaimRefusedError."""
    _lock(agreement)
    kept = Claim.objects.filter(pk=words.id).first()
    if kept is not None:
        return kept
    on = day_in(agreement.zone, at)
    target = next((one for one in missed_targets(agreement.pk) if one.result_id == words.result_id), None)
    known = {day.key: day for day in due_days(agreement, on=agreement.standing_day(on))}
    named = [known[key] for key in words.duties if key in known]
    against = "b" if by.party == "a" else "a"
    facts_owed = Disclosure.objects.filter(agreement=agreement)
    disclosure = facts_owed.filter(pk=words.disclosure_id).first() if words.disclosure_id else None
    lacking = rules.lacks(
        rules.Draft(
            by=by.party,
            against=against,
            ground=rules.Ground(words.ground),
            measure=target.measure if target else "",
            decision=target.decision if target else "",
            duties=[rules.NamedDuty(owner=day.owner, is_not_performed=day.is_not_performed) for day in named],
            argument=words.argument,
            disclosure_owner=disclosure.owed_by if disclosure else "",
        )
    )
    if lacking:
        raise ClaimRefusedError(lacking)
    claim = Claim(
        id=words.id,
        agreement=agreement,
        number=Claim.objects.filter(agreement=agreement).count() + 1,
        ground=words.ground,
        by_party=by.party,
        against=against,
        disclosure=disclosure,
        result_id=target.result_id if target else None,
        target=target.as_record() if target else {},
        duties=[_as_pinned(day) for day in named],
        argument=words.argument,
        evidence=words.evidence,
        wanted=words.wanted,
        noticed_on=on,
        reply_by=rules.reply_by(on),
        filed_by=by,
        filed_at=at,
    )
    claim.save(force_insert=True)
    told = BreachClaimed(agreement_id=agreement.pk, claim_id=claim.pk, ground=claim.ground, by_party=by.party)
    facts.announce(told, at=at, by=f"staff:{by.pk}")
    return claim


@transaction.atomic
def answer_claim(
    claim_id: UUID, step: str, *, step_id: UUID, text: str, evidence: str = "", by: Staff, at: datetime
) -> ClaimStep:
    """Take a step about a claim, once. Raises StepRefusedError, Claim.DoesNotExist."""
    claim = Claim.objects.select_related("agreement").get(pk=claim_id)
    _lock(claim.agreement)
    kept = ClaimStep.objects.filter(pk=step_id).first()
    if kept is not None:
        return kept
    on = day_in(claim.agreement.zone, at)
    view = claim_view(claim, on=on)
    if step not in view.open_to(by.party):
        raise StepRefusedError(view.state)
    taken = ClaimStep(
        id=step_id,
        claim=claim,
        order=len(view.steps) + 1,
        kind=step,
        party=by.party,
        text=text,
        evidence=evidence,
        taken_on=on,
        taken_by=by,
        taken_at=at,
    )
    taken.save(force_insert=True)
    state = rules.state_of(
        [*(rules.Step(one.kind) for one in view.steps), rules.Step(step)], noticed_on=claim.noticed_on, on=on
    )
    told = ClaimAnswered(
        agreement_id=claim.agreement_id, claim_id=claim.pk, step=step, party=by.party, state=state.value
    )
    facts.announce(told, at=at, by=f"staff:{by.pk}")
    return taken


def _as_pinned(day: DueDay) -> dict[str, object]:
    return {
        "code": day.code,
        "title": day.title,
        "due_on": day.due_on.isoformat(),
        "standing": day.standing.value,
        "days_late": day.days_late,
    }


def _lock(agreement: Agreement) -> None:
    ClaimBook.objects.get_or_create(agreement=agreement)
    ClaimBook.objects.select_for_update().get(agreement=agreement)
