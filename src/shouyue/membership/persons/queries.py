"""All members, in the order of their ids."""

from uuid import UUID

from shouyue.membership.ledger.public import Balance


def members_after(last: UUID | None, *, most: int) -> list[UUID]:
    """The next members in the order of their ids, after one."""
    found = Balance.objects.order_by("customer_id").values_list("customer_id", flat=True)
    return list((found.filter(customer_id__gt=last) if last else found)[:most])
