"""Proposing a version of a plan, confirming it, and stating that a measure was delivered."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouyue.agreement.plans.models import PlanConfirmation, PlanDelivery, PlanVersion
from shouyue.agreement.plans.queries import plan_of
from shouyue.agreement.plans.rules.measures import PlannedMeasure, lacks
from shouyue.agreement.terms.public import Agreement
from shouyue.kernel.clock import day_in
from shouyue.store import facts
from shouyue.store.facts import FactBase
from shouyue.store.models import Staff


@dataclass(frozen=True, kw_only=True)
class PlanProposed(FactBase):
    """A party proposed a version of an annex's plan."""

    agreement_id: UUID
    annex: int
    plan_version: int
    by_party: str


@dataclass(frozen=True, kw_only=True)
class PlanConfirmed(FactBase):
    """The other party confirmed a version of a plan; it holds from now on."""

    agreement_id: UUID
    annex: int
    plan_version: int


@dataclass(frozen=True, kw_only=True)
class PlanMeasureDelivered(FactBase):
    """A party stated that it delivered a measure of a plan."""

    agreement_id: UUID
    annex: int
    key: str
    done_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a party states. id: of the delivery; the same one again is the same delivery."""

    id: UUID
    annex: int
    key: str
    done_on: date
    what: str
    evidence: str = ""


class PlanRefusedError(Exception):
    """The step cannot be taken. reason: not_a_party, changed_meanwhile, own, not_waiting, not_planned, not_yours,
    in_the_future, or what the measures lack (see rules.measures.lacks).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def propose_plan(
    agreement: Agreement,
    annex: int,
    measures: Sequence[PlannedMeasure],
    *,
    goals: str,
    after_version: int,
    by: Staff,
    at: datetime,
) -> PlanVersion:
    """The next version of a plan. after_version: the one the proposer saw, 0 for none. Raises PlanRefusedError."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if by.party not in {"a", "b"}:
        raise PlanRefusedError("not_a_party")
    if lacking := lacks(measures, agreement.months):
        raise PlanRefusedError(lacking[0])
    newest = PlanVersion.objects.filter(agreement=agreement, annex=annex).order_by("-version").first()
    if (newest.version if newest else 0) != after_version:
        raise PlanRefusedError("changed_meanwhile")
    plan = PlanVersion(
        agreement=agreement,
        annex=annex,
        version=after_version + 1,
        goals=goals,
        measures=[asdict(one) for one in measures],
        by_party=by.party,
        proposed_by=by,
        proposed_at=at,
    )
    plan.save(force_insert=True)
    told = PlanProposed(agreement_id=agreement.pk, annex=annex, plan_version=plan.version, by_party=by.party)
    facts.announce(told, at=at, by=f"staff:{by.pk}")
    return plan


@transaction.atomic
def confirm_plan(agreement: Agreement, annex: int, version: int, *, by: Staff, at: datetime) -> PlanConfirmation:
    """The other party's word that the newest version holds, once. Raises PlanRefusedError."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    newest = PlanVersion.objects.filter(agreement=agreement, annex=annex).order_by("-version").first()
    if newest is None or newest.version != version:
        raise PlanRefusedError("not_waiting")
    kept = PlanConfirmation.objects.filter(plan=newest).first()
    if kept is not None:
        return kept
    if by.party not in {"a", "b"} or by.party == newest.by_party:
        raise PlanRefusedError("own")
    confirmation = PlanConfirmation(plan=newest, confirmed_by=by, confirmed_at=at)
    confirmation.save(force_insert=True)
    facts.announce(
        PlanConfirmed(agreement_id=agreement.pk, annex=annex, plan_version=version), at=at, by=f"staff:{by.pk}"
    )
    return confirmation


@transaction.atomic
def deliver(agreement: Agreement, delivered: Delivered, *, by: Staff, at: datetime) -> PlanDelivery:
    """State that a measure of the plan that holds was delivered, once. Raises PlanRefusedError."""
    kept = PlanDelivery.objects.filter(pk=delivered.id).first()
    if kept is not None:
        return kept
    today = day_in(agreement.zone, at)
    plan = plan_of(agreement, delivered.annex, on=today)
    planned = next((one for one in plan.measures if one.measure.key == delivered.key), None) if plan else None
    if planned is None:
        raise PlanRefusedError("not_planned")
    if not planned.is_owed_by(by.party):
        raise PlanRefusedError("not_yours")
    if delivered.done_on > today:
        raise PlanRefusedError("in_the_future")
    row = PlanDelivery(
        id=delivered.id,
        agreement=agreement,
        annex=delivered.annex,
        key=delivered.key,
        done_on=delivered.done_on,
        what=delivered.what,
        evidence=delivered.evidence,
        filed_by=by,
        filed_at=at,
    )
    row.save(force_insert=True)
    told = PlanMeasureDelivered(agreement_id=agreement.pk, annex=row.annex, key=row.key, done_on=row.done_on)
    facts.announce(told, at=at, by=f"staff:{by.pk}")
    return row
