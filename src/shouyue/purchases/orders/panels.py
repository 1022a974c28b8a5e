"""What this room shows on the page of a customer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouyue.customers.public import ids_of_person
from shouyue.purchases.orders.models import Order, OrderKind
from shouyue.purchases.orders.queries.lists import latest_orders, order_counts
from shouyue.store.contributions.search import Hit, SearchGroup
from shouyue.store.contributions.timeline import TimelineItem, TimelineSource
from shouyue.store.registry import Contribution, Reader
from shouyue.web.format import day, money


def _counts(customers: Sequence[UUID], _reader: Reader) -> Mapping[UUID, int]:
    # Orders stay under the number that they came with, also when it is merged into another.
    ids = ids_of_person(customers)
    counts = order_counts([one for of_one in ids.values() for one in of_one])
    return {who: sum(counts.get(one, 0) for one in of_one) for who, of_one in ids.items()}


def _latest(customers: Sequence[UUID], _reader: Reader) -> Mapping[UUID, list[Order]]:
    found = latest_orders(customers)
    return {customers[0]: found} if found else {}


def _by_number(asked: str, _reader: Reader, most: int) -> Sequence[Hit]:
    # Fewer characters begin nearly everything.
    if len(asked) < _NUMBER_MIN or not any(letter.isdecimal() for letter in asked):
        return []
    whole = list(Order.objects.filter(number=asked).order_by("-placed_at", "-id")[:most])
    begun = Order.objects.filter(number__startswith=asked).exclude(number=asked)[: most - len(whole)]
    return [
        Hit(
            title=_TITLES[OrderKind(order.kind)] % {"number": order.number},
            note=f"{day(order.placed_at)} · {money(order.total_e4, order.currency)}",
            url=reverse("purchases:order", args=[order.customer_id, order.id]),
        )
        for order in [*whole, *begun]
    ]


def _orders(customers: Sequence[UUID], _reader: Reader, until: datetime | None, most: int) -> Sequence[TimelineItem]:
    found = Order.objects.filter(customer_id__in=customers)
    if until is not None:
        found = found.filter(placed_at__lte=until)
    return [
        TimelineItem(
            at=order.placed_at,
            key=f"order:{order.id}",
            title=_TITLES[OrderKind(order.kind)] % {"number": order.number},
            note=f"{money(order.total_e4, order.currency)} · {order.get_status_display()}",
            url=reverse("purchases:order", args=[order.customer_id, order.id]),
            tone=_TONES[OrderKind(order.kind)],
        )
        for order in found.order_by("-placed_at", "-id")[:most]
    ]


_NUMBER_MIN = 4
_TITLES = {
    OrderKind.SALE: _("Order %(number)s"),
    OrderKind.RETURN: _("Return %(number)s"),
    OrderKind.ADJUSTMENT: _("Adjustment %(number)s"),
}
_TONES = {OrderKind.SALE: "slate", OrderKind.RETURN: "amber", OrderKind.ADJUSTMENT: "quiet"}

ORDERS_BY_NUMBER = SearchGroup(name="purchases.by_number", order=40, title=_("Orders"), find=_by_number)
ORDERS = TimelineSource(name="purchases.orders", title=_("Orders"), contribute=_orders)
ORDER_COUNT = Contribution(name="purchases.orders", order=10, title=_("Orders"), contribute=_counts)
LATEST_ORDERS = Contribution(
    name="purchases.latest",
    order=10,
    title=_("Latest orders"),
    contribute=_latest,
    template="purchases/_latest.html",
)
