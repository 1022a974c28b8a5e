"""A benefit that was used."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouyue.customers.public import ids_of_person
from shouyue.membership.ledger.public import Balance
from shouyue.membership.programme.public import counting_version
from shouyue.membership.tiers.models import BenefitUse
from shouyue.membership.tiers.queries.members import member_view


class BenefitRefusedError(Exception):
    """The member's tier does not have this benefit, or nothing is left of it. is_used_up tells which."""

    def __init__(self, *, is_used_up: bool) -> None:
        super().__init__("used up" if is_used_up else "not of this tier")
        self.is_used_up = is_used_up


@transaction.atomic
def use_benefit(*, use_id: UUID, customer_id: UUID, benefit: str, on: date, at: datetime, by: str) -> BenefitUse:
    """Count one use, under the locks of the person's numbers. The same id is one use. Raises BenefitRefusedError."""
    ids = ids_of_person([customer_id])[customer_id]
    list(Balance.objects.select_for_update().filter(customer_id__in=ids).order_by("customer_id"))
    done = BenefitUse.objects.filter(customer_id__in=ids, id=use_id).first()
    if done is not None:
        return done
    version = counting_version(on)
    view = member_view(customer_id, on=on)
    found = next((one for one in view.benefits if one.benefit.key == benefit), None) if view else None
    if found is None or not found.left.is_open:
        raise BenefitRefusedError(is_used_up=found is not None)
    use = BenefitUse(
        customer_id=customer_id,
        id=use_id,
        benefit=benefit,
        used_on=on,
        version=version.number,
        recorded_at=at,
        recorded_by=by,
    )
    use.save(force_insert=True)
    return use
