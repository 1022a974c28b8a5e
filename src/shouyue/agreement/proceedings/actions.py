"""Opening a dispute or a termination, and taking a step about one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouyue.agreement.claims.public import uncured_claims
from shouyue.agreement.enclosures.public import keep_file
from shouyue.agreement.proceedings.models import Proceeding, ProceedingStep
from shouyue.agreement.proceedings.queries import ProceedingView, proceeding_view, proceedings_of
from shouyue.agreement.proceedings.rules import termination
from shouyue.agreement.terms.public import Agreement, Change, amend
from shouyue.kernel.clock import day_in
from shouyue.kernel.ids import new_id
from shouyue.store import facts
from shouyue.store.facts import FactBase
from shouyue.store.models import Staff


@dataclass(frozen=True, kw_only=True)
class ProceedingOpened(FactBase):
    """A party opened a dispute or gave notice of termination."""

    agreement_id: UUID
    proceeding_id: UUID
    proceeding: str
    by_party: str


@dataclass(frozen=True, kw_only=True)
class ProceedingMoved(FactBase):
    """A step was taken about a dispute or a termination."""

    agreement_id: UUID
    proceeding_id: UUID
    step: str
    party: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opens a proceeding. id: of it. ground: "" for a dispute. claim_id: the claim it is about."""

    id: UUID
    kind: str
    text: str
    ground: str = ""
    claim_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A step. id: of it. paper: a file (name, bytes). item: of the checklist, for a tick."""

    id: UUID
    step: str
    text: str
    item: str = ""
    paper: tuple[str, bytes] | None = None


class OpeningRefusedError(Exception):
    """It cannot be opened so. reason: not_a_party or a rules.termination.Lack."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MoveRefusedError(Exception):
    """This party cannot take this step now."""


@transaction.atomic
def open_proceeding(agreement: Agreement, opening: Opening, *, by: Staff, at: datetime) -> Proceeding:
    """Open a dispute, or give notice of termination, once. Raises OpeningRefusedError."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    kept = Proceeding.objects.filter(pk=opening.id).first()
    if kept is not None:
        return kept
    if by.party not in {"a", "b"}:
        raise OpeningRefusedError("not_a_party")
    on = day_in(agreement.zone, at)
    if opening.kind == Proceeding.Kind.TERMINATION:
        _refuse_lacking(agreement, opening, by=by, at=at)
    row = Proceeding(
        id=opening.id,
        agreement=agreement,
        kind=opening.kind,
        number=Proceeding.objects.filter(agreement=agreement, kind=opening.kind).count() + 1,
        ground=opening.ground,
        by_party=by.party,
        text=opening.text,
        claim_id=opening.claim_id,
        opened_on=on,
        opened_by=by,
        opened_at=at,
    )
    row.save(force_insert=True)
    told = ProceedingOpened(agreement_id=agreement.pk, proceeding_id=row.pk, proceeding=row.kind, by_party=row.by_party)
    facts.announce(told, at=at, by=f"staff:{by.pk}")
    return row


@transaction.atomic
def move(proceeding_id: UUID, taken: Move, *, by: Staff, at: datetime) -> ProceedingStep:
    """Take a step, once. Raises MoveRefusedError, Proceeding.DoesNotExist.

    Closing a termination makes the day on which it closes the contract's last day (clause 12.2).
    """
    row = Proceeding.objects.select_related("agreement").get(pk=proceeding_id)
    agreement = Agreement.objects.select_for_update().get(pk=row.agreement_id)
    kept = ProceedingStep.objects.filter(pk=taken.id).first()
    if kept is not None:
        return kept
    on = day_in(agreement.zone, at)
    view = proceeding_view(row, agreement, on=on)
    _refuse_move(view, taken, by)
    paper = keep_file(new_id(), name=taken.paper[0], content=taken.paper[1], by=by, at=at) if taken.paper else None
    step = ProceedingStep(
        id=taken.id,
        proceeding=row,
        order=len(view.steps) + 1,
        kind=taken.step,
        party=by.party,
        item=taken.item,
        text=taken.text,
        paper=paper,
        taken_on=on,
        taken_by=by,
        taken_at=at,
    )
    step.save(force_insert=True)
    if taken.step == ProceedingStep.Kind.CLOSE and on < agreement.ends_on:
        amend(
            agreement.pk,
            Change(kind="term", subject="", value={"ends_on": on.isoformat()}, applies_from=on),
            at=at,
        )
    after = proceeding_view(Proceeding.objects.get(pk=row.pk), agreement, on=on)
    told = ProceedingMoved(
        agreement_id=agreement.pk, proceeding_id=row.pk, step=taken.step, party=by.party, stage=after.stage
    )
    facts.announce(told, at=at, by=f"staff:{by.pk}")
    return step


def _refuse_lacking(agreement: Agreement, opening: Opening, *, by: Staff, at: datetime) -> None:
    on = day_in(agreement.zone, at)
    uncured = {claim.pk for claim in uncured_claims(agreement, by=by.party, on=on)}
    running = any(
        view.row.kind == Proceeding.Kind.TERMINATION and not view.has_ended for view in proceedings_of(agreement, on=on)
    )
    lacking = termination.lacks(
        termination.Ground(opening.ground),
        has_uncured_claim=opening.claim_id in uncured,
        reason=opening.text,
        is_open=running,
    )
    if lacking:
        raise OpeningRefusedError(lacking[0].value)


def _refuse_move(view: ProceedingView, taken: Move, by: Staff) -> None:
    if taken.step not in view.open_to.get(by.party, ()):
        raise MoveRefusedError(f"not while it is {view.stage}")
    is_tick = taken.step == ProceedingStep.Kind.TICK
    if is_tick != bool(taken.item) or (is_tick and taken.item not in {row.item for row in view.items_left(by.party)}):
        raise MoveRefusedError(f"no item of the checklist: {taken.item}")
