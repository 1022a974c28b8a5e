"""Who could be asked: the frame of a draw, and who stays out of it for which reason."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count

from shouyue.customers.public import Customer
from shouyue.surveys.answers.public import Invitation

# Nobody is asked more often than this, in all surveys together.
ASKED_MAX, ASKED_WITHIN_DAYS = 2, 90


@dataclass(frozen=True, slots=True)
class Frame:
    """people: the stratum of everybody who may be asked. excluded: how many may not, by reason."""

    people: dict[UUID, str]
    excluded: dict[str, int]

    @property
    def sizes(self) -> dict[str, int]:
        """Customers of each stratum."""
        return dict(sorted(Counter(self.people.values()).items()))


def tired_customers(*, on: date) -> set[UUID]:
    """Whom one more invitation would ask past the cap."""
    since = on - timedelta(days=ASKED_WITHIN_DAYS)
    asked = Invitation.objects.filter(asked_on__gt=since).order_by().values_list("customer_id").annotate(Count("id"))
    return {customer for customer, times in asked if times >= ASKED_MAX}


def frame_of(strata: str, *, on: date) -> Frame:
    """The frame on a day, in two statements. strata: "region", or "" for one stratum."""
    tired = tired_customers(on=on)
    people: dict[UUID, str] = {}
    excluded: Counter[str] = Counter()
    for customer, kind, region in Customer.objects.order_by("id").values_list("id", "kind", "region"):
        if kind == "anonymous":
            excluded["anonymous"] += 1
        elif customer in tired:
            excluded["asked_often"] += 1
        else:
            people[customer] = region if strata == "region" else ""
    return Frame(people, dict(excluded))
