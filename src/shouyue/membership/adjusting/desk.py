"""Corrections at the desk: ask for one, and decide on what a colleague asked for."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.adjusting.actions import (
    AlreadyDecidedError,
    SamePersonError,
    TooFewPointsError,
    ask_adjustment,
    decide_adjustment,
)
from shouyue.membership.adjusting.forms import AdjustmentForm
from shouyue.membership.adjusting.models import Adjustment
from shouyue.membership.adjusting.queries import decided_adjustments, waiting_adjustments
from shouyue.membership.ledger.public import programme_on
from shouyue.membership.persons.public import member_number
from shouyue.web.portal.frame import faces_of
from shouyue.web.staff import may_change, must_change, staff_name


@require_http_methods(["GET", "HEAD", "POST"])
def adjust(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Ask for points to be given or taken; somebody else decides."""
    must_change(request)
    if member_number(customer_id) is None:
        raise Http404
    form = AdjustmentForm(request.POST or None, initial={"key": new_id()})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        ask_adjustment(
            request_id=told["key"],
            customer_id=customer_id,
            points=told["points"],
            why=told["why"],
            at=clock.now(),
            by=staff_name(request),
        )
        messages.success(request, _("Asked. Nothing moves until a colleague approves it."))
        return redirect("membership:adjustments")
    context = {"form": form, "number": faces_of([customer_id])[customer_id].number, "customer_id": customer_id}
    return render(request, "membership/adjust.html", context, status=422 if form.errors else 200)


@require_safe
def adjustments(request: HttpRequest) -> HttpResponse:
    """Corrections that wait for a second person, the oldest first, and the latest that were decided."""
    waiting, decided = waiting_adjustments(), decided_adjustments()
    faces = faces_of([one.customer_id for one in (*waiting, *decided)])
    by = staff_name(request)
    context = {
        "waiting": [(one, faces[one.customer_id].number, one.asked_by != by) for one in waiting],
        "decided": [(one, faces[one.customer_id].number) for one in decided],
        "may_change": may_change(request),
    }
    return render(request, "membership/adjustments.html", context)


@require_POST
def decide(request: HttpRequest, adjustment_id: UUID) -> HttpResponse:
    """A second person approves a correction or turns it down."""
    must_change(request)
    at = clock.now()
    asked = get_object_or_404(Adjustment, pk=adjustment_id)
    is_approved = request.POST.get("approve") == "yes"
    terms = programme_on(timezone.localdate(at))
    cost_fen = max(0, asked.points) * (terms.point_value_e4 if terms else 0) // 100
    try:
        decide_adjustment(
            adjustment_id=adjustment_id,
            is_approved=is_approved,
            cost_fen=cost_fen,
            at=at,
            on=timezone.localdate(at),
            by=staff_name(request),
        )
    except SamePersonError:
        messages.error(request, _("You asked for this correction yourself. A colleague decides on it."))
    except AlreadyDecidedError:
        messages.error(request, _("A colleague has decided on it already."))
    except TooFewPointsError:
        messages.error(request, _("The member has fewer points than this would take. Nothing moved."))
    else:
        messages.success(request, _("Approved: the points moved.") if is_approved else _("Turned down: nothing moved."))
    return redirect("membership:adjustments")
