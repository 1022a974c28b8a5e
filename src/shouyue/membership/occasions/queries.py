"""Questions about occasions."""

from datetime import date
from uuid import UUID

from shouyue.customers.public import ids_of_person
from shouyue.membership.programme.public import Award, Occasion, version_on


def points_for(occasion: Occasion, *, on: date) -> int:
    """What an occasion gives on a day by the version that counts; 0 without a rule for it."""
    version = version_on(on)
    rules = version.content["earn"]["rules"] if version else []
    day = on.isoformat()
    return sum(
        int(one["points"])
        for one in rules
        if one["occasion"] == occasion and (one["first"] or day) <= day <= (one["last"] or day)
    )


def has_checked_in(customer_id: UUID, *, on: date) -> bool:
    ids = ids_of_person([customer_id])[customer_id]
    return Award.objects.filter(customer_id__in=ids, occasion=Occasion.CHECK_IN, on=on).exists()
