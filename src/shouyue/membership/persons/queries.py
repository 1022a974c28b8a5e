"""All members, in the order of their ids; under which number somebody is one."""

from uuid import UUID

from shouyue.customers.public import ids_of_person
from shouyue.membership.ledger.public import Balance


def member_number(customer_id: UUID) -> UUID | None:
    """Under which number a person is a member: the one that was asked, or else the first; None: under no number."""
    ids = ids_of_person([customer_id]).get(customer_id, [])
    members = set(Balance.objects.filter(customer_id__in=ids).values_list("customer_id", flat=True))
    return next((one for one in (customer_id, *ids) if one in members), None)


def members_after(last: UUID | None, *, most: int) -> list[UUID]:
    """The next members in the order of their ids, after one."""
    found = Balance.objects.order_by("customer_id").values_list("customer_id", flat=True)
    return list((found.filter(customer_id__gt=last) if last else found)[:most])
