"""Occasions that staff note: a member wrote a review."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from shouyue.kernel import clock
from shouyue.membership.occasions.actions import award_members
from shouyue.membership.occasions.forms import ReviewForm
from shouyue.membership.occasions.queries import points_for
from shouyue.membership.persons.public import member_number
from shouyue.membership.programme.public import Occasion
from shouyue.web.format import count
from shouyue.web.portal.frame import faces_of
from shouyue.web.staff import must_change, staff_name


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A member reviewed a purchase, in whatever place: points once for each."""
    must_change(request)
    number = member_number(customer_id)
    if number is None:
        raise Http404
    if number != customer_id:
        return redirect("membership:review", number, preserve_request=True)
    at = clock.now()
    on, form = timezone.localdate(at), ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["about"].strip().upper()
        given = award_members(Occasion.REVIEW, [(customer_id, key, on)], at=at, by=staff_name(request))
        if given:
            points = given[0].points
            sentence = ngettext("Noted: %(points)s point.", "Noted: %(points)s points.", points)
            messages.success(request, sentence % {"points": count(points)})
        else:
            messages.error(request, _("No rule gives points for reviews now. Nothing was noted."))
        return redirect("membership:member", customer_id)
    context = {
        "form": form,
        "customer_id": customer_id,
        "number": faces_of([customer_id])[customer_id].number,
        "points": points_for(Occasion.REVIEW, on=on),
    }
    return render(request, "membership/review.html", context, status=422 if form.errors else 200)
