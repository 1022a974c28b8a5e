"""Tiers that are sold, granted and ended on the page of the member; a slip is taken back with one click."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.kernel.money import yuan_text
from shouyue.membership.passes.actions import (
    AlreadyBoughtError,
    PassOverError,
    end_pass,
    resume_pass,
    sell_tier,
)
from shouyue.membership.passes.forms import EndForm, PassForm
from shouyue.membership.passes.queries import member_passes
from shouyue.membership.passes.rules.steps import last_of_months, offered_step
from shouyue.membership.persons.public import member_number
from shouyue.membership.programme.public import named, version_on
from shouyue.membership.tiers.public import member_view, tier_titles
from shouyue.web.format import day, money_fen
from shouyue.web.habits import undo
from shouyue.web.portal.frame import faces_of
from shouyue.web.staff import may_change, must_change, staff_name

UNDO = "membership.passes"


@require_http_methods(["GET", "HEAD", "POST"])
def sell(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Sell or grant a tier for some months. 422: cannot be used; 409: the member has it on these days already."""
    must_change(request)
    at = clock.now()
    today = timezone.localdate(at)
    if member_number(customer_id) is None:
        raise Http404
    version = version_on(today)
    if version is None:
        messages.error(request, _("No version of the programme counts yet, so there is no tier to sell."))
        return redirect("membership:programme")
    start = _offered(version.content, customer_id, today)
    form = PassForm(request.POST or None, content=version.content, today=today, initial=start)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            sold = sell_tier(
                pass_id=told["key"],
                customer_id=customer_id,
                tier=told["tier"],
                days=(told["first"], last_of_months(told["first"], told["months"])),
                price_fen=form.price_fen(),
                at=at,
                by=staff_name(request),
                why=told["why"],
            )
        except AlreadyBoughtError as refused:
            words = _("The member has this tier until %(day)s already. Begin on the day after.")
            form.add_error("first", words % {"day": day(refused.until)})
            status = 409
        else:
            words = _("The member has the tier from %(first)s to %(last)s.")
            said = words % {"first": day(sold.first), "last": day(sold.last)}
            undo.offer(request, said, name=UNDO, kept={"who": str(sold.customer_id), "sold": str(sold.id)})
            return redirect("membership:member", customer_id)
    context = {
        "form": form,
        "customer_id": customer_id,
        "number": faces_of([customer_id])[customer_id].number,
        "prices": _prices(version.content),
    }
    return render(request, "membership/sell_tier.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, customer_id: UUID, pass_id: UUID) -> HttpResponse:
    """End a bought tier today, with the reason."""
    must_change(request)
    at = clock.now()
    row = next((one for one in member_passes([customer_id]) if one.id == pass_id), None)
    if row is None:
        raise Http404
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        who = {"customer_id": customer_id, "pass_id": pass_id}
        try:
            end_pass(**who, on=timezone.localdate(at), why=form.cleaned_data["why"], at=at, by=staff_name(request))
        except PassOverError:
            messages.error(request, _("It is over already: its last day has passed."))
        else:
            kept = {"who": str(customer_id), "ended": str(pass_id)}
            undo.offer(request, _("It has ended. What was earned with it stays."), name=UNDO, kept=kept)
        return redirect("membership:member", customer_id)
    context = {
        "form": form,
        "customer_id": customer_id,
        "number": faces_of([customer_id])[customer_id].number,
        "pass": row,
        "tier": tier_titles().get(row.tier, row.tier),
    }
    return render(request, "membership/end_pass.html", context, status=422 if form.errors else 200)


def take_back(request: HttpRequest, kept: dict[str, Any]) -> str:
    """Undo a sale, or an end."""
    if not may_change(request):
        raise PermissionDenied
    at = clock.now()
    on, by, who = timezone.localdate(at), staff_name(request), UUID(kept["who"])
    try:
        if "sold" in kept:
            end_pass(customer_id=who, pass_id=UUID(kept["sold"]), on=on, why=_("Undone"), at=at, by=by)
            return _("Undone: the member does not have this tier.")
        resume_pass(customer_id=who, pass_id=UUID(kept["ended"]), on=on, at=at, by=by)
    except (PassOverError, AlreadyBoughtError):
        return _("It can no longer be undone: its days are over, or the tier was sold again.")
    return _("Undone: the tier counts to its last day.")


def _offered(content: dict[str, Any], customer_id: UUID, on: date) -> dict[str, Any]:
    """What the form begins with: the next tier that would be better than the member's own, at its price."""
    view = member_view(customer_id, on=on)
    step = offered_step(content, view.tier.name if view and view.tier else None)
    start: dict[str, Any] = {"first": on, "months": 12, "key": new_id()}
    if step is None:
        return start
    if not step.get("price_fen"):
        return {**start, "tier": step["name"]}
    return {**start, "tier": step["name"], "months": step["months"], "price_yuan": yuan_text(step["price_fen"])}


def _prices(content: dict[str, Any]) -> list[tuple[str, str, int]]:
    """(tier, price, months) of those that the version sells."""
    steps = [one for one in content["tiers"]["steps"] if one.get("price_fen")]
    return [(named(one["zh"], one["en"]), money_fen(one["price_fen"]), one["months"]) for one in steps]
