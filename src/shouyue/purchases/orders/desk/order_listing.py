"""The list of orders: its columns, and the order that is open beside it."""

from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouyue.customers.public import customer_sources
from shouyue.kernel.money import from_e4
from shouyue.purchases.catalogue.public import Channel, Store, entry_choices
from shouyue.purchases.orders.forms import OrderFilters
from shouyue.purchases.orders.models import Order
from shouyue.purchases.orders.queries import lists
from shouyue.web.format import count, moment, money
from shouyue.web.habits.lists import Column, Listing, declare
from shouyue.web.sources import source_name

_PEEKED_LINES = 12
_ORDER = ("-placed_at", "-id")


def filters_of(asked: QueryDict) -> OrderFilters:
    """The filters that an address asks for, with the sources, stores, channels and categories that there are."""
    return OrderFilters(asked, sources=customer_sources(), entries=entry_choices())


def _key(order: Order) -> str:
    return f"{order.customer_id}~{order.id}"


def _row_of(key: str) -> lists.OpenOrder | None:
    customer_id, _mark, order_id = key.partition("~")
    try:
        wanted = {"customer_id": UUID(customer_id), "id": UUID(order_id)}
    except ValueError:
        return None
    order = Order.objects.select_related("customer", "store", "channel").filter(**wanted).first()
    return lists.with_first_lines(order, most=_PEEKED_LINES) if order else None


def _customer(order: Order) -> str:
    return "" if order.customer.is_anonymous else order.customer.source_key


def _label(entry: Channel | Store | None) -> str:
    return entry.label if entry else ""


ORDERS = declare(
    Listing(
        name="purchases.orders",
        heading=gettext_lazy("Orders"),
        columns=[
            Column(
                name="number",
                title=gettext_lazy("Number"),
                value=lambda order: order.number,
                template="purchases/_cell_number.html",
                is_lead=True,
            ),
            Column(
                name="placed",
                title=gettext_lazy("Placed"),
                value=lambda order: order.placed_at.isoformat(sep=" ", timespec="seconds"),
                show=lambda order: moment(order.placed_at),
            ),
            Column(
                name="customer",
                title=gettext_lazy("Customer"),
                value=_customer,
                template="purchases/_cell_customer.html",
            ),
            Column(
                name="kind",
                title=gettext_lazy("Kind"),
                value=lambda order: order.get_kind_display(),
                template="purchases/_cell_kind.html",
            ),
            Column(name="status", title=gettext_lazy("Status"), value=lambda order: order.get_status_display()),
            Column(name="store", title=gettext_lazy("Store"), value=lambda order: _label(order.store)),
            Column(
                name="channel", title=gettext_lazy("Channel"), value=lambda order: _label(order.channel), is_extra=True
            ),
            Column(
                name="source",
                title=gettext_lazy("Source"),
                value=lambda order: source_name(order.source),
                is_extra=True,
            ),
            Column(name="currency", title=gettext_lazy("Currency"), value=lambda order: order.currency, is_extra=True),
            Column(
                name="lines",
                title=gettext_lazy("Lines"),
                value=lambda order: order.line_count,
                show=lambda order: count(order.line_count),
                is_number=True,
            ),
            Column(
                name="total",
                title=gettext_lazy("Total"),
                value=lambda order: from_e4(order.total_e4),
                show=lambda order: money(order.total_e4, order.currency),
                is_number=True,
            ),
        ],
        order=_ORDER,
        key=_key,
        row_of=_row_of,
        title_of=lambda opened: _("Order %(number)s") % {"number": opened.order.number},
        url_of=lambda opened: reverse("purchases:order", args=[opened.order.customer_id, opened.order.id]),
        peek="purchases/_peek.html",
        path=lambda: reverse("purchases:orders"),
        filters=filters_of,
        chosen=lambda asked: (lists.listed_orders(**filters_of(asked).chosen), _ORDER),
    )
)
