"""Households at the desk: who shares points with whom, by consent and up to a cap."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.persons.public import member_number
from shouyue.membership.sharing.actions import NotSharedError, draw, share, stop_sharing
from shouyue.membership.sharing.forms import ConsentForm, DrawForm
from shouyue.membership.sharing.queries import Sharer, household_of, households, own_consent, pool_of_number, to_draw
from shouyue.membership.sharing.sentences import not_shared
from shouyue.web.portal.frame import faces_of
from shouyue.web.staff import may_change, must_change, staff_name


@require_safe
def shared(request: HttpRequest) -> HttpResponse:
    """Every household that shares points."""
    on = timezone.localdate(clock.now())
    found = households(on=on)
    faces = faces_of([one.consent.customer_id for sharers in found for one in sharers])
    shown = [[(one, faces[one.consent.customer_id].number) for one in sharers] for sharers in found]
    return render(request, "membership/households.html", {"households": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def household(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """One member's household: consent with a cap, points drawn, and the end of it."""
    number = member_number(customer_id)
    if number is None:
        raise Http404
    if number != customer_id:
        return redirect("membership:household", number, preserve_request=True)
    at = clock.now()
    on, wish = timezone.localdate(at), request.POST.get("wish", "")
    consent = ConsentForm(request.POST if wish == "share" else None)
    drawing = DrawForm(request.POST if wish == "draw" else None, initial={"key": new_id()})
    if request.method == "POST":
        must_change(request)
        if _done(request, customer_id, wish, consent, drawing):
            return redirect("membership:household", customer_id)
    own = own_consent(customer_id)
    sharers = household_of(own, on=on)
    context = {
        "customer_id": customer_id,
        "number": faces_of([customer_id])[customer_id].number,
        "sharers": _shown(sharers),
        "own": own,
        "to_draw": to_draw(sharers, own),
        "consent": consent,
        "drawing": drawing,
        "may_change": may_change(request),
    }
    is_refused = bool(consent.errors or drawing.errors)
    return render(request, "membership/household.html", context, status=422 if is_refused else 200)


def _done(request: HttpRequest, customer_id: UUID, wish: str, consent: ConsentForm, drawing: DrawForm) -> bool:
    """Carry out what was asked for; False: the form says why not."""
    at, by = clock.now(), staff_name(request)
    form: Form = drawing if wish == "draw" else consent
    if wish == "stop":
        stop_sharing(customer_id, at=at, by=by)
        messages.success(request, _("The consent is taken back. What was drawn stays drawn."))
        return True
    if not form.is_valid():
        return False
    try:
        if wish == "draw":
            asked = drawing.cleaned_data
            draw(asked["key"], customer_id, asked["points"], on=timezone.localdate(at), at=at, by=by)
            messages.success(request, _("The points are with this member now, with their dates."))
        else:
            return _share(request, customer_id, consent)
    except NotSharedError as refused:
        form.add_error(None, not_shared(refused.why, refused.usable))
        return False
    return True


def _share(request: HttpRequest, customer_id: UUID, consent: ConsentForm) -> bool:
    told, own = consent.cleaned_data, own_consent(customer_id)
    pool_id = pool_of_number(told["number"]) if told["number"] else None
    if told["number"] and pool_id is None:
        consent.add_error("number", _("Nobody with this number shares points. Let them begin a household first."))
        return False
    chosen = pool_id or (own.pool_id if own else new_id())
    share(customer_id, chosen, told["cap_points"], at=clock.now(), by=staff_name(request))
    messages.success(request, _("The consent is noted. The household can draw on these points up to the cap."))
    return True


def _shown(sharers: list[Sharer]) -> list[tuple[Sharer, str]]:
    faces = faces_of([one.consent.customer_id for one in sharers])
    return [(one, faces[one.consent.customer_id].number) for one in sharers]
