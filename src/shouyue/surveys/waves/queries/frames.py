"""Who could be asked: the frame of a draw, and who stays out of it for which reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count

from shouyue.customers.public import Customer
from shouyue.surveys.answers.public import Invitation

# Nobody is asked more often than this, in all surveys together.
ASKED_MAX, ASKED_WITHIN_DAYS = 2, 90


# What the frame can say of everybody, so that margins may be known by it.
ATTRIBUTES = ("kind", "region", "source")


@dataclass(frozen=True, slots=True)
class Frame:
    """people: the stratum of everybody who may be asked. excluded: how many may not, by reason.

    traits: everybody's categories of the attributes that were asked for, in their order.
    """

    people: dict[UUID, str]
    excluded: dict[str, int]
    attributes: tuple[str, ...] = ()
    traits: dict[UUID, tuple[str, ...]] = field(default_factory=dict)

    @property
    def sizes(self) -> dict[str, int]:
        """Customers of each stratum."""
        return dict(sorted(Counter(self.people.values()).items()))

    @property
    def categories(self) -> dict[str, dict[str, int]]:
        """Customers of each category, for each attribute."""
        return {
            name: dict(sorted(Counter(labels[place] for labels in self.traits.values()).items()))
            for place, name in enumerate(self.attributes)
        }


def tired_customers(*, on: date) -> set[UUID]:
    """Whom one more invitation would ask past the cap."""
    since = on - timedelta(days=ASKED_WITHIN_DAYS)
    asked = Invitation.objects.filter(asked_on__gt=since).order_by().values_list("customer_id").annotate(Count("id"))
    return {customer for customer, times in asked if times >= ASKED_MAX}


def frame_of(strata: str, *, on: date, attributes: Sequence[str] = ()) -> Frame:
    """The frame on a day, in two statements. strata: "region", or "" for one stratum. attributes: of ATTRIBUTES."""
    tired = tired_customers(on=on)
    people: dict[UUID, str] = {}
    excluded: Counter[str] = Counter()
    traits: dict[UUID, tuple[str, ...]] = {}
    for customer, kind, region, source in Customer.objects.order_by("id").values_list("id", "kind", "region", "source"):
        if kind == "anonymous":
            excluded["anonymous"] += 1
        elif customer in tired:
            excluded["asked_often"] += 1
        else:
            people[customer] = region if strata == "region" else ""
            if attributes:
                has = {"kind": kind, "region": region, "source": source}
                traits[customer] = tuple(has[name] for name in attributes)
    return Frame(people, dict(excluded), tuple(attributes), traits)
