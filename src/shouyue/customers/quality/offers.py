"""What this room counts for the contract: records whose contact is confirmed, and records found right when audited."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection

from shouyue.customers.quality.models import AuditItem
from shouyue.customers.quality.queries.standings import end_of
from shouyue.customers.quality.rules.audit import RIGHT, SILENT
from shouyue.kernel.period import Quarter

if TYPE_CHECKING:
    from shouyue.agreement.measures.rules.counted import Counted, Scope

_WINDOW_DAYS: Final = 180
# Phone and e-mail are the second and third bit of first_fields, in the order of GOVERNED.
_CONTACT_BITS: Final = 0b110
_CONFIRMED = """
SELECT count(*) FILTER (WHERE first.verified_at > %(since)s AND person.first_fields & %(bits)s > 0 OR EXISTS (
        SELECT FROM customers_fieldattestation AS line
        JOIN customers_attestation AS told ON told.id = line.attestation_id
        WHERE line.customer_id = person.customer_id AND line.field IN ('phone', 'email')
          AND line.at <= %(until)s AND told.verified_at > %(since)s
    )), count(*)
FROM customers_person AS person JOIN customers_attestation AS first ON first.id = person.first_attestation_id
WHERE first.asserted_at <= %(until)s
"""


def confirmed_contacts(scope: "Scope") -> "Sequence[Counted]":
    """At the end of each quarter of the term, of all persons on record those confirmed within the agreed days."""
    days = timedelta(days=int(scope.parameters.get("window_days", _WINDOW_DAYS)))
    found = []
    for quarter in scope.quarters():
        until = end_of(min(quarter.last_day, scope.as_of), scope.zone)
        with connection.cursor() as cursor:
            cursor.execute(_CONFIRMED, {"since": until - days, "until": until, "bits": _CONTACT_BITS})
            kept, asked = cursor.fetchone() or (0, 0)
        if asked:
            found.append(scope.counted(quarter, kept, asked))
    return found


def audited_records(scope: "Scope") -> "Sequence[Counted]":
    """Of the records checked in the audits of a quarter, those in which everything that was answered agreed."""
    sums: dict[Quarter, list[int]] = {}
    rows = AuditItem.objects.filter(audit__closed_at__isnull=False).values_list("audit__month", "verdicts")
    for month, verdicts in rows.iterator(chunk_size=10_000):
        answered = [word for word in verdicts.values() if word != SILENT]
        if answered and month <= scope.as_of:
            found = sums.setdefault(Quarter.of(month), [0, 0])
            found[0] += all(word == RIGHT for word in answered)
            found[1] += 1
    return [scope.counted(quarter, kept, asked, is_sample=True) for quarter, (kept, asked) in sorted(sums.items())]
