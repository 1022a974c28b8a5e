"""The contract on screen: parties, schedule, clause register and definitions; and a page for each clause."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shouyue.agreement.terms import queries
from shouyue.agreement.terms.models import Agreement
from shouyue.agreement.terms.queries.clauses import ClauseView, chapters, clause_page, has_clause
from shouyue.agreement.terms.rules.template import parent_number
from shouyue.kernel import clock


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The agreement in force, whole."""
    agreement = queries.current_agreement()
    if agreement is None:
        return render(request, "agreement/empty.html")
    on = _standing_day(agreement)
    contract = chapters(agreement, on=on)
    context = {
        "agreement": agreement,
        "on": on,
        "month": agreement.contract_month(on),
        "months": agreement.months,
        "phases": queries.phases(agreement, on=on),
        "chapters": contract,
        "duty_count": sum(len(chapter.all_duties()) for chapter in contract),
        "definitions": queries.definitions(agreement),
    }
    return render(request, "agreement/home.html", context)


@require_safe
def clause(request: HttpRequest, number: str) -> HttpResponse:
    """The clause "4.1" with its items, duties and definitions. An item or a chapter leads to its place."""
    agreement = queries.current_agreement()
    if agreement is None:
        raise Http404
    on = _standing_day(agreement)
    page = clause_page(agreement, number, on=on)
    if page is None:
        return redirect(_place_of(agreement, number))
    measures = page.clause.measures()
    context = {
        "agreement": agreement,
        "page": page,
        "clause": page.clause,
        "definitions": [one for one in queries.definitions(agreement) if one.measure in measures],
        "targets": [one for one in queries.pinned_targets(agreement.pk) if one.measure in measures],
    }
    return render(request, "agreement/clause.html", context)


def _standing_day(agreement: Agreement) -> date:
    return agreement.standing_day(clock.day_in(agreement.zone, clock.now()))


def _place_of(agreement: Agreement, number: str) -> str:
    if not has_clause(agreement, number):
        raise Http404
    view = ClauseView(number=number, title="", text="", duties=[], mentions=[])
    address = reverse("agreement:home")
    if view.is_item:
        address = reverse("agreement:clause", args=[parent_number(number)])
    return f"{address}#{view.anchor}"
