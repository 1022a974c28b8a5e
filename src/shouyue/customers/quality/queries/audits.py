"""Questions about the audits of accuracy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shouyue.customers.people.public import Person
from shouyue.customers.quality.models import AccuracyAudit, AuditItem
from shouyue.customers.quality.rules.audit import RIGHT, SILENT, WRONG, FieldAccuracy, accuracy
from shouyue.store.sealed_fields import unseal

# Who bought lately, who bought once, who only stands in a list: their records age differently.
_LATELY: Final = timedelta(days=180)
RECENT, EARLIER, LISTED = "recent", "earlier", "listed"


def population(at: datetime) -> list[tuple[str, str]]:
    """Everybody of whom something is known as a person, with the stratum; (customer, stratum)."""
    rows = Person.objects.filter(first_attestation_id__isnull=False).values_list("pk", "customer__last_seen_at")
    return [(str(who), _stratum(seen, at)) for who, seen in rows.iterator(chunk_size=10_000)]


def audits() -> list[AccuracyAudit]:
    """The latest 24 audits, newest first."""
    return list(AccuracyAudit.objects.order_by("-month")[:24])


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One customer to call: masked, and without anything that is to be asked. fields: what is asked."""

    place: int
    name: str
    phone: str
    fields: Sequence[str]
    is_noted: bool
    was_reached: bool


def sheet(audit: AccuracyAudit, *, is_whole: bool = False) -> list[SheetLine]:
    """The sheet of a drawn audit, by place. is_whole: with the phone to dial, for who may see it."""
    items = unseal(AuditItem.objects.filter(audit=audit).order_by("place"), ["frozen"])
    persons = {row.pk: row for row in unseal(_persons(items), ["name", "phone"])}
    lines = []
    for item in items:
        frozen = {} if item.frozen is None or item.frozen.is_erased else item.frozen.plain
        person = persons.get(item.customer_id)
        phone = person.phone if person else None
        shown = "" if phone is None else phone.plain if is_whole and not phone.is_erased else str(phone)
        name = str(person.name) if person and person.name else ""
        reached = any(word != SILENT for word in item.verdicts.values())
        lines.append(SheetLine(item.place, name, shown, list(frozen), bool(item.verdicts), reached))
    return lines


def results(audit: AccuracyAudit) -> list[FieldAccuracy]:
    """What a closed audit found, by field, with intervals."""
    found = []
    for one in audit.results:
        words = [RIGHT] * one["right"] + [WRONG] * one["wrong"] + [SILENT] * one["silent"]
        (first, *_) = accuracy([{one["field"]: word} for word in words], [one["field"]])
        found.append(first)
    return found


def _persons(items: Sequence[AuditItem]) -> Sequence[Person]:
    return list(Person.objects.filter(pk__in=[item.customer_id for item in items]).only("customer_id", "name", "phone"))


def _stratum(seen: datetime | None, at: datetime) -> str:
    if seen is None:
        return LISTED
    return RECENT if at - seen <= _LATELY else EARLIER
