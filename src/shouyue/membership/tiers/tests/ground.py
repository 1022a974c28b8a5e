"""Ground for tests of the room: members, and what they bought."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from shouyue.customers.public import CustomerFacts, ensure_customers
from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import enrol_members
from shouyue.membership.programme.actions.versions import publish_version
from shouyue.membership.programme.models import ProgrammeVersion
from shouyue.purchases.models import Order, OrderLine

SPACE = UUID(int=5)
BEGAN = date(2024, 1, 1)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)


def customer(number: str, *, seen_on: date = BEGAN) -> UUID:
    who = keyed_id(SPACE, number)
    ensure_customers([CustomerFacts(who, "plain", number, "person", seen_at=noon(seen_on))])
    return who


def member(number: str, *, joined_on: date = BEGAN) -> UUID:
    who = customer(number, seen_on=joined_on)
    enrol_members([who], at=noon(joined_on))
    return who


def bought(who: UUID, day: date, yuan: int, *, item: str = "T-1", key: str = "") -> Order:
    """One order of one line; below zero: a return."""
    order_id = keyed_id(who, f"{day} {yuan} {item} {key}")
    kind = "sale" if yuan > 0 else "return"
    common = {"customer_id": who, "kind": kind}
    order = Order.objects.create(
        id=order_id,
        source="plain",
        number=f"N{order_id.hex[:8]}",
        placed_at=noon(day),
        status="completed",
        currency="CNY",
        total_e4=yuan * 10_000,
        line_count=1,
        content=order_id.bytes,
        **common,
    )
    OrderLine.objects.create(
        id=keyed_id(order_id, "1"),
        order_id=order_id,
        line_no=1,
        is_product=True,
        item=item,
        description=item,
        quantity=1 if yuan > 0 else -1,
        unit_price_e4=abs(yuan) * 10_000,
        amount_e4=yuan * 10_000,
        sold_at=noon(day),
        **common,
    )
    return order


def published(*, starts_on: date = BEGAN) -> ProgrammeVersion:
    return publish_version(starts_on=starts_on, at=noon(starts_on), today=None, by="test")
