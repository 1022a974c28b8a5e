"""Orders on screen: the list, and one order with its lines."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from shouyue.purchases.catalogue.public import Product
from shouyue.purchases.orders.desk.order_listing import ORDERS, filters_of
from shouyue.purchases.orders.models import Order, OrderLine
from shouyue.purchases.orders.queries import lists
from shouyue.web.habits.lists import answer
from shouyue.web.paging import page_of

_LINES = 100


@require_safe
def order_list(request: HttpRequest) -> HttpResponseBase:
    """Orders, newest first, with the columns that the reader chose; as=csv gives the whole list as a file."""
    filters = filters_of(request.GET)
    chosen = filters.chosen
    product = Product.objects.filter(pk=chosen["product"]).first() if "product" in chosen else None
    context = {"filters": filters, "is_filtered": bool(chosen), "product": product}
    orders = lists.listed_orders(**chosen)
    return answer(request, ORDERS, orders, template="purchases/orders.html", context=context)


@require_safe
def order_record(request: HttpRequest, customer_id: UUID, order_id: UUID) -> HttpResponse:
    """One order: its lines, what returns undo, by what its lines were undone, and how it was paid."""
    orders = Order.objects.select_related("customer", "store", "channel")
    order = get_object_or_404(orders, customer_id=customer_id, id=order_id)
    lines = OrderLine.objects.filter(customer_id=customer_id, order_id=order_id).select_related("product")
    page = page_of(lines, order=("line_no", "id"), request=request, size=_LINES)
    links, rest = lists.links_of(page.rows), lists.unlinked_of(page.rows)
    rows = [(line, links.get(line.id, []), rest.get(line.id)) for line in page.rows]
    payments = lists.payments_of(order)
    paid = sum(one.amount_e4 for one in payments)
    context = {"order": order, "page": page, "rows": rows, "payments": payments, "paid_e4": paid}
    return render(request, "purchases/order.html", context)
