"""Returns that are not linked, on screen and as a file."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouyue.kernel.money import from_e4
from shouyue.purchases.orders.forms import ReturnFilters
from shouyue.purchases.orders.models import UnlinkedReason, UnlinkedReturn
from shouyue.purchases.orders.queries import lists
from shouyue.web.exports import csv_answer
from shouyue.web.paging import page_of
from shouyue.web.sources import source_name


@require_safe
def unlinked_list(request: HttpRequest) -> HttpResponse:
    """Returns of which something is not linked, newest first, with the reason."""
    filters = ReturnFilters(request.GET)
    page = page_of(lists.unlinked_returns(reason=_reason(filters)), order=("-sold_at", "-id"), request=request)
    counts = lists.unlinked_by_reason()
    reasons = [(reason, counts.get(reason.value, 0)) for reason in UnlinkedReason]
    context = {"page": page, "filters": filters, "reasons": reasons}
    return render(request, "purchases/returns.html", context)


@require_safe
def unlinked_file(request: HttpRequest) -> StreamingHttpResponse:
    """The same list whole, as CSV."""
    heads = [_("Returned on"), _("Order"), _("Source"), _("Customer"), _("Item"), _("Description")]
    heads += [_("Quantity returned"), _("Quantity not linked"), _("Unit price"), _("Currency"), _("Reason")]
    found = lists.unlinked_rows(reason=_reason(ReturnFilters(request.GET)))
    return csv_answer("returns-not-linked.csv", heads, _rows(found))


def _reason(filters: ReturnFilters) -> str:
    return str(filters.cleaned_data["reason"]) if filters.is_valid() else ""


def _rows(found: Iterator[UnlinkedReturn]) -> Iterator[list[object]]:
    for one in found:
        line, order = one.line, one.line.order
        customer = "" if one.customer.is_anonymous else one.customer.source_key
        moment = one.sold_at.isoformat(sep=" ", timespec="seconds")
        yield [
            *(moment, order.number, source_name(order.source), customer, line.item, line.description, -line.quantity),
            *(one.quantity, from_e4(line.unit_price_e4), order.currency, one.get_reason_display()),
        ]
