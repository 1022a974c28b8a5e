"""Customers on screen: the list and the search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shouyue.customers.people import queries
from shouyue.customers.people.desk.listing import CUSTOMERS, Row, dressed, with_declared
from shouyue.customers.people.forms import CustomerFilters, CustomerSearch, chosen_customers
from shouyue.customers.people.models import Customer
from shouyue.store import registry
from shouyue.web.habits.lists import answer


@sensitive_post_parameters("who")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def customers(request: HttpRequest) -> HttpResponseBase:
    """The list; a search comes as POST, so that names and phones stand in no address and no log."""
    return _search(request) if request.method == "POST" else _list(request)


def _search(request: HttpRequest) -> HttpResponse:
    search = CustomerSearch(request.POST)
    found = queries.customers_found(search.cleaned_data["who"] if search.is_valid() else "")
    context = {"search": search, "found": found, **_rows(request, found.customers)}
    return render(request, "customers/found.html", context, status=200 if search.is_valid() else 422)


def _list(request: HttpRequest) -> HttpResponseBase:
    """Customers, newest activity first, with what upper rooms say of each."""
    filters = CustomerFilters(request.GET, sources=queries.customer_sources())
    rows, order = chosen_customers(filters)
    context = {"filters": filters, "search": CustomerSearch(), "is_filtered": filters.is_narrow}
    context["actions"] = [one.template for one in registry.shown("customer.actions", [], request.user)]
    listing = replace(with_declared(CUSTOMERS), order=order)
    return answer(request, listing, rows, template="customers/list.html", context=context)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of what a search found. values: of the columns of upper rooms."""

    row: Row
    values: Sequence[object]


def _rows(request: HttpRequest, customers: Sequence[Customer]) -> dict[str, object]:
    """The lines of a list and their columns; statements do not grow with the lines."""
    rows = dressed(customers)
    columns = registry.shown("customer.column", [row.pk for row in rows], request.user)
    lines = [_Line(row, [column.values.get(row.pk, "") for column in columns]) for row in rows]
    return {"lines": lines, "columns": columns}
