"""What members did, as tiers count it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

from django.conf import settings
from django.db.models import Case, F, Q, Sum, When

from shouyue.membership.ledger.public import Transfer
from shouyue.membership.tiers.rules.standing import Measure
from shouyue.purchases.public import spend_by_day

Days: TypeAlias = Mapping[UUID, list[tuple[date, int]]]


def activities_of(customers: Sequence[UUID], measure: Measure) -> Days:
    """(day, amount) of each customer by day, in the measure: fen spent, points earned, or a 1 for each day with a
    purchase. Two statements at most, however many customers."""
    if measure is Measure.POINTS:
        return _points_by_day(customers)
    spent = spend_by_day(customers, zone=settings.TIME_ZONE)
    if measure is Measure.SPEND:
        return spent
    return {who: [(day, 1) for day, amount in days if amount > 0] for who, days in spent.items()}


def _points_by_day(customers: Sequence[UUID]) -> Days:
    earned = Q(debit="issued", reason__in=["purchase", "award"])
    lost = Q(credit="clawed_back", reason__in=["return", "cancellation"])
    rows = (
        Transfer.objects.filter(earned | lost, customer_id__in=customers)
        .values("customer_id", "effective_on")
        .annotate(all=Sum(Case(When(earned, then=F("points")), default=-F("points"))))
        .order_by("customer_id", "effective_on")
    )
    found: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    for row in rows:
        found[row["customer_id"]].append((row["effective_on"], row["all"]))
    return found
