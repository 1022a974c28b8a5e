"""Lists of orders, lines and returns for screens."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from shouyue.purchases.catalogue.public import products_below
from shouyue.purchases.orders.models import Order, OrderLine, Payment, ReturnLink, UnlinkedReturn

LATEST = 10


def listed_orders(
    *,
    kind: str = "",
    source: str = "",
    number: str = "",
    store: str = "",
    channel: str = "",
    category: str = "",
    product: UUID | None = None,
) -> QuerySet[Order]:
    """Orders with customer, store and channel, unordered; list them by ("-placed_at", "-id").

    Empty leaves a filter open. store, channel, category: ids as text; category: also of those below it.
    """
    asked = {"kind": kind, "source": source, "number": number, "store_id": store, "channel_id": channel}
    found = Order.objects.select_related("customer", "store", "channel")
    found = found.filter(**{name: value for name, value in asked.items() if value})
    if product:
        found = found.filter(_has_line(product_id=product))
    if category:
        found = found.filter(_has_line(product_id__in=products_below(UUID(category))))
    return found


def orders_wanted(
    *,
    customer_id: UUID | None = None,
    source: str = "",
    number: str = "",
    kind: str | None = None,
    status: str | None = None,
    store: str = "",
    channel: str = "",
    product: str = "",
    placed_from: datetime | None = None,
    placed_before: datetime | None = None,
) -> QuerySet[Order]:
    """Orders that fit all that is asked, unordered; store, channel and product by their codes. Empty asks nothing."""
    asked = {
        "customer_id": customer_id,
        "source": source,
        "number": number,
        "kind": kind,
        "status": status,
        "store__code": store,
        "channel__code": channel,
        "placed_at__gte": placed_from,
        "placed_at__lt": placed_before,
    }
    found = Order.objects.filter(**{name: value for name, value in asked.items() if value})
    return found.filter(_has_line(product__code=product)) if product else found


def _has_line(**wanted: object) -> Exists:
    return Exists(OrderLine.objects.filter(customer_id=OuterRef("customer_id"), order_id=OuterRef("id"), **wanted))


def payments_of(order: Order) -> list[Payment]:
    """The payments of an order, the earliest first."""
    return list(Payment.objects.filter(customer_id=order.customer_id, order_id=order.id).order_by("paid_at", "id"))


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order as it is shown beside a list: `row` with its first lines."""

    order: Order
    first_lines: list[OrderLine]

    @property
    def more_lines(self) -> int:
        return max(self.order.line_count - len(self.first_lines), 0)


def with_first_lines(order: Order, *, most: int) -> OpenOrder:
    """The order with its first lines, at most so many."""
    lines = OrderLine.objects.filter(customer_id=order.customer_id, order_id=order.id).order_by("line_no", "id")
    return OpenOrder(order, list(lines[:most]))


def latest_orders(customers: Sequence[UUID]) -> list[Order]:
    """The LATEST newest orders of one person, whose ids these are, newest first."""
    return list(Order.objects.filter(customer_id__in=customers).order_by("-placed_at", "-id")[:LATEST])


def order_counts(customers: Sequence[UUID]) -> dict[UUID, int]:
    """Number of orders, returns and adjustments by customer."""
    found = Order.objects.filter(customer_id__in=customers).values("customer_id").annotate(orders=Count("id"))
    return {row["customer_id"]: row["orders"] for row in found.order_by("customer_id")}


@dataclass(frozen=True, slots=True)
class LinkedTo:
    """The other end of a link: so many pieces of a line of an order."""

    customer_id: UUID
    order_id: UUID
    number: str
    line_no: int
    at: datetime
    quantity: int


def links_of(lines: Sequence[OrderLine]) -> dict[UUID, list[LinkedTo]]:
    """By line: what a return undoes, or by what a line was undone."""
    if not lines:
        return {}
    customer_id, ids = lines[0].customer_id, [line.id for line in lines]
    found: dict[UUID, list[LinkedTo]] = defaultdict(list)
    for mine, other in (("return_line", "sale_line"), ("sale_line", "return_line")):
        links = ReturnLink.objects.filter(customer_id=customer_id, **{f"{mine}_id__in": ids})
        named = links.annotate(
            order=F(f"{other}__order_id"),
            number=F(f"{other}__order__number"),
            line_no=F(f"{other}__line_no"),
            at=F(f"{other}__sold_at"),
        )
        for link in named.order_by("at", "id"):
            to = LinkedTo(customer_id, link.order, link.number, link.line_no, link.at, link.quantity)
            found[getattr(link, f"{mine}_id")].append(to)
    return found


def unlinked_of(lines: Sequence[OrderLine]) -> dict[UUID, UnlinkedReturn]:
    """By line: the part of a return that is not linked."""
    if not lines:
        return {}
    rest = UnlinkedReturn.objects.filter(customer_id=lines[0].customer_id, id__in=[line.id for line in lines])
    return {one.id: one for one in rest}


def unlinked_returns(*, reason: str = "") -> QuerySet[UnlinkedReturn]:
    """Returns that are not wholly linked, with line, order and customer, unordered; list by ("-sold_at", "-id")."""
    found = UnlinkedReturn.objects.select_related("customer", "line__order")
    return found.filter(reason=reason) if reason else found


def unlinked_rows(*, reason: str = "") -> Iterator[UnlinkedReturn]:
    """All of them, newest first, as a stream."""
    return unlinked_returns(reason=reason).order_by("-sold_at", "-id").iterator(chunk_size=2_000)


def unlinked_by_reason() -> dict[str, int]:
    """Number of returns that are not, or not wholly, linked, by reason."""
    return dict(UnlinkedReturn.objects.values_list("reason").annotate(count=Count("*")).order_by("reason"))
