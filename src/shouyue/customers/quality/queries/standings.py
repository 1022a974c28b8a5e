"""What stands behind the values of customers on a day, and how fresh they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from shouyue.agreement.public import current_agreement, definition
from shouyue.customers.attesting.public import GONE, GOVERNED, Standing, standings_of
from shouyue.customers.people.public import Person
from shouyue.customers.quality.rules.freshness import FieldFreshness, FreshnessTerms, may_be_reissued, summed

MEASURE: Final = "record_freshness"

# One line for each distinct standing, not for each value: days are all that a score looks at. What came with the
# first record counts until the first later change; of later confirmations the one that looked latest.
_COUNTED = """
WITH said AS (
    SELECT line.customer_id, line.field, line.is_change, line.at, told.verified_at, told.source
    FROM customers_fieldattestation AS line JOIN customers_attestation AS told ON told.id = line.attestation_id
    WHERE line.at <= %(until)s
), changed AS (
    SELECT DISTINCT ON (customer_id, field) customer_id, field, at, verified_at, source FROM said
    WHERE is_change ORDER BY customer_id, field, at DESC
), first AS (
    SELECT person.customer_id, bit.field, told.asserted_at AS at, told.verified_at
    FROM customers_person AS person JOIN customers_attestation AS told ON told.id = person.first_attestation_id
    CROSS JOIN unnest(%(fields)s::text[]) WITH ORDINALITY AS bit (field, place)
    WHERE told.asserted_at <= %(until)s AND person.first_fields >> (bit.place::int - 1) & 1 = 1
), start AS (
    SELECT customer_id, field, at, verified_at FROM changed WHERE source <> %(gone)s
    UNION ALL
    SELECT first.* FROM first
    WHERE NOT EXISTS (SELECT FROM changed WHERE changed.customer_id = first.customer_id AND changed.field = first.field)
), confirmed AS (
    SELECT start.customer_id, start.field, max(said.verified_at) AS verified_at
    FROM said JOIN start USING (customer_id, field) WHERE NOT said.is_change AND said.at >= start.at
    GROUP BY start.customer_id, start.field
)
SELECT start.field, (start.at AT TIME ZONE %(zone)s)::date,
    (greatest(start.verified_at, confirmed.verified_at) AT TIME ZONE %(zone)s)::date, count(*)
FROM start LEFT JOIN confirmed USING (customer_id, field) GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What freshness is computed with. agreed_in: number of the agreement, "" when none is signed."""

    freshness: FreshnessTerms
    agreed_in: str


def terms() -> Terms:
    """Half-lives and days of the agreement in force; the product's own where nothing is agreed."""
    agreement = current_agreement()
    if agreement is None:
        return Terms(FreshnessTerms(), "")
    agreed = definition(agreement, MEASURE)
    return Terms(FreshnessTerms.of(agreed.parameters if agreed else {}, zone=agreement.zone), agreement.number)


def end_of(day: date, zone: str) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone)) - timedelta(microseconds=1)


def standings(customers: Sequence[UUID], *, until: datetime) -> dict[UUID, dict[str, Standing]]:
    """By customer and field what counted at a moment; without fields of which nothing was said. Three statements."""
    firsts = Person.objects.filter(pk__in=customers).values_list("pk", "first_attestation_id", "first_fields")
    return standings_of(firsts, until=until)


def freshness(*, on: date, agreed: FreshnessTerms) -> list[FieldFreshness]:
    """By field, how many values there were at the end of a day, and how fresh they were. One statement."""
    values: dict[str, Any] = {"until": end_of(on, agreed.zone), "fields": list(GOVERNED), "zone": agreed.zone}
    values["gone"] = GONE
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, values)
        counts = [(row[0], _counted(row, agreed.zone), row[3]) for row in cursor.fetchall()]
    return summed(counts, on=on, terms=agreed)


def phones_to_check(customers: Sequence[UUID], *, on: date) -> set[UUID]:
    """Of these customers those whose phone may belong to somebody else by now: ask before it is used."""
    agreed = terms().freshness
    found = standings(customers, until=end_of(on, agreed.zone))
    have = Person.objects.filter(pk__in=customers, phone__isnull=False).values_list("pk", flat=True)
    return {who for who in have if may_be_reissued(found.get(who, {}).get("phone"), on=on, terms=agreed)}


def _counted(row: Sequence[Any], zone: str) -> Standing:
    """A standing of that day; which source and method it has does not matter to a score."""
    told, verified = (datetime.combine(day, datetime.min.time(), ZoneInfo(zone)) if day else None for day in row[1:3])
    assert told is not None  # noqa: S101 the column is never NULL; for the type checker
    return Standing(told, "", "", verified, "")
