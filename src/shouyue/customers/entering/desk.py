"""A new customer by hand: first whether they are there already, then the record."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shouyue.customers.attesting.public import BY_HAND
from shouyue.customers.entering.actions import TooManyLookupsError, create_customer, look_up
from shouyue.customers.entering.forms import NewCustomer
from shouyue.customers.entering.queries import Candidate
from shouyue.customers.entering.rules.likeness import LIKELY
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.web.habits.drafts_desk import draft_of, initial_of, sent
from shouyue.web.staff import must_change

_DRAFT = "customers.new"
_KINDS: dict[str, str | Promise] = {
    "name": pgettext_lazy("of a person", "Name"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "birthday": gettext_lazy("Birthday"),
    "home": gettext_lazy("Address"),
}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_customer(request: HttpRequest) -> HttpResponse:
    """The form. 422: cannot be used; 409: may be there already, create anyway or open the record; 429: too often."""
    by = must_change(request)
    if request.method != "POST":
        kept = draft_of(request, _DRAFT)
        form = NewCustomer(initial={"kind": "person", **initial_of(kept), "id": new_id()})
        return _page(request, form, kept=kept)
    form = NewCustomer(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    at = clock.now()
    if "anyway" not in request.POST:
        try:
            found = look_up(form.known, by=by, at=at)
        except TooManyLookupsError:
            return _page(request, form, status=429)
        if found:
            return _page(request, form, status=409, found=found)
    made = create_customer(form.known, form.place, key=form.key, source=BY_HAND, by=by, at=at)
    sent(request, _DRAFT)
    messages.success(request, _("The customer is recorded under the number %(number)s.") % {"number": made.source_key})
    return redirect("customers:record", made.pk)


def _page(request: HttpRequest, form: NewCustomer, *, status: int = 200, **more: Any) -> HttpResponse:
    found: list[Candidate] = more.pop("found", [])
    lines = [(one, [_KINDS[kind] for kind in one.alike.agrees], one.alike.likeness == LIKELY) for one in found]
    context = {"form": form, "draft": _DRAFT, "found": lines, "is_too_often": status == 429, **more}
    return render(request, "customers/new.html", context, status=status)
