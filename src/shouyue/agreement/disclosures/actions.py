"""Noting a fact that is owed, and telling it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouyue.agreement.disclosures.models import Disclosure, DisclosureTold
from shouyue.agreement.disclosures.rules.lateness import WORKING_DAYS, due_on
from shouyue.agreement.terms.public import Agreement, definition
from shouyue.kernel.clock import day_in
from shouyue.store import facts
from shouyue.store.facts import FactBase
from shouyue.store.models import Staff

MEASURE = "disclosures_on_time"


@dataclass(frozen=True, kw_only=True)
class DisclosureNoted(FactBase):
    """A material fact was noted that one party owes the other."""

    agreement_id: UUID
    disclosure_id: UUID
    owed_by: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class DisclosureGiven(FactBase):
    """A party told the other a material fact."""

    agreement_id: UUID
    disclosure_id: UUID
    in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A fact to note. id: of the disclosure; the same one again is the same entry."""

    id: UUID
    owed_by: str
    fact: str
    known_on: date


class DisclosureRefusedError(Exception):
    """The entry cannot be kept. reason: not_a_party, not_yours, in_the_future, before_the_agreement, told_already."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def note_disclosure(agreement: Agreement, owed: Owed, *, by: Staff, at: datetime) -> Disclosure:
    """Note a fact that one party owes the other, once; either party may note it. Raises DisclosureRefusedError."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    kept = Disclosure.objects.filter(pk=owed.id).first()
    if kept is not None:
        return kept
    if by.party not in {"a", "b"} or owed.owed_by not in {"a", "b"}:
        raise DisclosureRefusedError("not_a_party")
    if owed.known_on > day_in(agreement.zone, at):
        raise DisclosureRefusedError("in_the_future")
    if owed.known_on < agreement.starts_on:
        raise DisclosureRefusedError("before_the_agreement")
    agreed = definition(agreement, MEASURE)
    days = int((agreed.parameters if agreed else {}).get("disclosure_working_days", WORKING_DAYS))
    row = Disclosure(
        id=owed.id,
        agreement=agreement,
        number=Disclosure.objects.filter(agreement=agreement).count() + 1,
        owed_by=owed.owed_by,
        fact=owed.fact,
        known_on=owed.known_on,
        due_on=due_on(owed.known_on, days),
        noted_by=by,
        noted_at=at,
    )
    row.save(force_insert=True)
    told = DisclosureNoted(agreement_id=agreement.pk, disclosure_id=row.pk, owed_by=row.owed_by, due_on=row.due_on)
    facts.announce(told, at=at, by=f"staff:{by.pk}")
    return row


@transaction.atomic
def tell(disclosure_id: UUID, *, text: str, evidence: str = "", by: Staff, at: datetime) -> DisclosureTold:
    """Tell the fact, once and for the own party only; today is the day it was told. Raises DisclosureRefusedError."""
    row = Disclosure.objects.select_related("agreement").get(pk=disclosure_id)
    Agreement.objects.select_for_update().get(pk=row.agreement_id)
    if by.party != row.owed_by:
        raise DisclosureRefusedError("not_yours")
    if DisclosureTold.objects.filter(disclosure=row).exists():
        raise DisclosureRefusedError("told_already")
    told = DisclosureTold(
        disclosure=row,
        told_on=day_in(row.agreement.zone, at),
        text=text,
        evidence=evidence,
        told_by=by,
        told_at=at,
    )
    told.save(force_insert=True)
    news = DisclosureGiven(agreement_id=row.agreement_id, disclosure_id=row.pk, in_time=told.told_on <= row.due_on)
    facts.announce(news, at=at, by=f"staff:{by.pk}")
    return told
