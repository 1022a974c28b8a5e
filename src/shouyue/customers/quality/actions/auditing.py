"""The monthly audit: commit, draw, note what customers say, close. Each step once, in this order."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouyue.customers.attesting.public import GOVERNED
from shouyue.customers.people.public import Known, persons_in
from shouyue.customers.quality.facts import AccuracyMeasured, AuditCommitted, AuditDrawn
from shouyue.customers.quality.models import AccuracyAudit, AuditItem
from shouyue.customers.quality.queries.audits import population
from shouyue.customers.quality.rules import audit as rules
from shouyue.store import facts
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealed_fields import seal, unseal


class AuditOrderError(Exception):
    """A step of an audit was asked for before its turn or after its end. step: committed, drawn or closed."""

    def __init__(self, step: str) -> None:
        self.step = step
        super().__init__(step)


class NobodyToDrawError(Exception):
    """No customer has a value that could be checked."""


@transaction.atomic
def commit_audit(*, month: date, size: int, seed: str, by: str, at: datetime) -> AccuracyAudit:
    """Fix seed and size of a month's audit; the same month again finds the audit that is there."""
    month = month.replace(day=1)
    wanted = AccuracyAudit(month=month, size=size, seed=seed, committed_at=at)
    wanted.commitment = rules.commitment_of(audit=str(wanted.pk), month=month, size=size, seed=seed)
    AccuracyAudit.objects.bulk_create([wanted], ignore_conflicts=True)
    found = AccuracyAudit.objects.select_for_update().get(month=month)
    if found.pk == wanted.pk:
        fact = AuditCommitted(audit_id=found.pk, month=month, size=size, commitment=found.commitment)
        facts.announce(fact, at=at, by=by)
    return found


@transaction.atomic
def draw_audit(audit_id: UUID, *, by: str, at: datetime) -> AccuracyAudit:
    """Draw the sample that the commitment fixed, and freeze its values; drawn already, nothing happens.

    Raises AccuracyAudit.DoesNotExist, NobodyToDrawError.
    """
    audit = AccuracyAudit.objects.select_for_update().get(pk=audit_id)
    if audit.drawn_at is not None:
        return audit
    everybody = population(at)
    sample = rules.drawn(everybody, seed=audit.seed, size=audit.size)
    if not sample:
        raise NobodyToDrawError
    keys = PersonKeys()
    known = persons_in([UUID(one.customer) for one in sample], keys=keys)
    items = [
        AuditItem(
            audit=audit,
            place=place,
            customer_id=UUID(one.customer),
            stratum=one.stratum,
            frozen=values_of(known.get(UUID(one.customer), Known())),
        )
        for place, one in enumerate(sample, start=1)
    ]
    AuditItem.objects.bulk_create(seal(items, at=at, keys=keys))
    audit.drawn_at, audit.population = at, len(everybody)
    audit.save(update_fields=["drawn_at", "population"])
    fact = AuditDrawn(audit_id=audit.pk, seed=audit.seed, population=len(everybody), drawn=len(items))
    facts.announce(fact, at=at, by=by)
    return audit


@transaction.atomic
def note_answers(audit_id: UUID, place: int, said: Mapping[str, str], *, was_reached: bool = True) -> dict[str, str]:
    """Compare what a customer said with what we had at the draw; returns the verdicts. What was said is not kept.

    said: by field; a field that was not answered is silent, and so is everything of somebody not reached. Noted again,
    the later note counts, until the audit is closed. Raises AuditItem.DoesNotExist, AuditOrderError.
    """
    audit = AccuracyAudit.objects.select_for_update().get(pk=audit_id)
    if audit.closed_at is not None:
        raise AuditOrderError("closed")
    item = unseal([AuditItem.objects.get(audit=audit, place=place)], ["frozen"])[0]
    frozen = {} if item.frozen is None or item.frozen.is_erased else dict(item.frozen.plain)
    verdicts = {
        field: _verdict(field, ours, said.get(field, "").strip() if was_reached else "")
        for field, ours in frozen.items()
    }
    item.verdicts = verdicts
    item.save(update_fields=["verdicts"])
    return verdicts


@transaction.atomic
def close_audit(audit_id: UUID, *, by: str, at: datetime) -> AccuracyAudit:
    """Count the verdicts and announce them; who was not called yet is silent. Raises AuditOrderError."""
    audit = AccuracyAudit.objects.select_for_update().get(pk=audit_id)
    if audit.closed_at is not None:
        return audit
    if audit.drawn_at is None:
        raise AuditOrderError("committed")
    items = unseal(AuditItem.objects.filter(audit=audit).order_by("place"), ["frozen"])
    verdicts = [item.verdicts or dict.fromkeys(_fields_of(item), rules.SILENT) for item in items]
    found = rules.accuracy(verdicts, list(GOVERNED))
    audit.results = [{key: value for key, value in asdict(one).items() if key != "interval"} for one in found]
    audit.closed_at = at
    audit.save(update_fields=["results", "closed_at"])
    counts = {one.field: {"right": one.right, "wrong": one.wrong, "silent": one.silent} for one in found}
    facts.announce(AccuracyMeasured(audit_id=audit.pk, commitment=audit.commitment, counts=counts), at=at, by=by)
    return audit


def values_of(known: Known) -> dict[str, str]:
    """The governed fields of a person that have a value, as text; the main one of several."""
    values = {
        "name": known.name,
        "phone": known.phones[0] if known.phones else "",
        "email": known.emails[0] if known.emails else "",
        "address": known.address,
        "birthday": known.born_on.isoformat() if known.born_on else "",
    }
    return {field: value for field, value in values.items() if value}


def _verdict(field: str, ours: str, said: str) -> str:
    if not said:
        return rules.SILENT
    return rules.RIGHT if rules.is_same(field, ours, said) else rules.WRONG


def _fields_of(item: AuditItem) -> list[str]:
    return [] if item.frozen is None or item.frozen.is_erased else list(item.frozen.plain)
