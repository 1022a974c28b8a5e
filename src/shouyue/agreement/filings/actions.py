"""Filing what was done for a duty."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouyue.agreement.filings.models import Filing
from shouyue.agreement.filings.queries import due_day
from shouyue.agreement.terms.public import Agreement
from shouyue.kernel.clock import day_in
from shouyue.store import facts
from shouyue.store.facts import FactBase
from shouyue.store.models import Staff


@dataclass(frozen=True, kw_only=True)
class DutyFiled(FactBase):
    """A party stated that it did a duty of the contract."""

    agreement_id: UUID
    obligation: str
    due_on: date
    done_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a party states. id: of the filing; the same one again is the same filing."""

    id: UUID
    code: str
    due_on: date
    done_on: date
    what: str
    evidence: str = ""


class FilingRefusedError(Exception):
    """The filing cannot be kept. reason: not_due (the duty has no such day), not_yours, in_the_future, too_early."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def file_duty(agreement: Agreement, done: Done, *, by: Staff, at: datetime) -> Filing:
    """Keep what a party did for one due day of a duty it owes, once. Raises FilingRefusedError.

    Filing goes by the calendar of the agreement's zone; a day after today's cannot be filed yet, nor one before the
    duty's time began.
    """
    kept = Filing.objects.filter(pk=done.id).first()
    if kept is not None:
        return kept
    today = day_in(agreement.zone, at)
    day = due_day(agreement, done.code, done.due_on, on=today)
    if day is None:
        raise FilingRefusedError("not_due")
    if by.party not in ({"a", "b"} if day.owner == "both" else {day.owner}):
        raise FilingRefusedError("not_yours")
    if done.done_on > today:
        raise FilingRefusedError("in_the_future")
    if done.done_on < min(day.started_on, agreement.starts_on):
        raise FilingRefusedError("too_early")
    filing = Filing(
        id=done.id,
        obligation=agreement.obligations.get(code=done.code),
        due_on=done.due_on,
        done_on=done.done_on,
        what=done.what,
        evidence=done.evidence,
        filed_by=by,
        filed_at=at,
    )
    filing.save(force_insert=True)
    facts.announce(
        DutyFiled(agreement_id=agreement.pk, obligation=done.code, due_on=done.due_on, done_on=done.done_on),
        at=at,
        by=f"staff:{by.pk}",
    )
    return filing
