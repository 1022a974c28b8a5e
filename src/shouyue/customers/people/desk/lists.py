"""Customers on screen: the list and the search."""

from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shouyue.customers.people import queries
from shouyue.customers.people.desk.listing import CUSTOMERS, for_editors, may_edit
from shouyue.customers.people.forms import CustomerFilters, CustomerSearch, chosen_customers
from shouyue.store import registry
from shouyue.web.habits.lists import answer, found_lines

_FOUND_FIRST: Final = 50


@sensitive_post_parameters("who")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def customers(request: HttpRequest) -> HttpResponseBase:
    """The list; a search comes as POST, so that names and phones stand in no address and no log."""
    return _search(request) if request.method == "POST" else _list(request)


def _search(request: HttpRequest) -> HttpResponse:
    """The first who were found; `more` asks for all that a page may show."""
    search = CustomerSearch(request.POST)
    who = search.cleaned_data["who"] if search.is_valid() else ""
    most = queries.FOUND_MAX if "more" in request.POST else _FOUND_FIRST
    found = queries.customers_found(who, shown_max=most)
    columns, lines = found_lines(request.user, CUSTOMERS, found.customers)
    context = {"search": search, "found": found, "columns": columns, "lines": lines, "most": queries.FOUND_MAX}
    context["has_more"] = most < queries.FOUND_MAX and not found.is_all
    return render(request, "customers/found.html", context, status=200 if search.is_valid() else 422)


def _list(request: HttpRequest) -> HttpResponseBase:
    """Customers, newest activity first, with what upper rooms say of each."""
    filters = CustomerFilters(request.GET, sources=queries.customer_sources())
    rows, order = chosen_customers(filters)
    context = {"filters": filters, "search": CustomerSearch(), "is_filtered": filters.is_narrow}
    context["actions"] = [one.template for one in registry.shown("customer.actions", [], request.user)]
    listing = for_editors(CUSTOMERS) if may_edit(request) else CUSTOMERS
    return answer(request, replace(listing, order=order), rows, template="customers/list.html", context=context)
