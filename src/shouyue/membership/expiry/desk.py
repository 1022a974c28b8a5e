"""Expired points at the desk: given back from the member's page, within the window."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shouyue.kernel import clock
from shouyue.membership.expiry.actions import LASTS_DAYS, NotReinstatedError, reinstate
from shouyue.web.format import count
from shouyue.web.staff import must_change, staff_name


@require_POST
def give_back(request: HttpRequest, customer_id: UUID, expiry_id: UUID) -> HttpResponse:
    """Give points back that expired lately, once."""
    must_change(request)
    at = clock.now()
    try:
        done = reinstate(customer_id, expiry_id, on=timezone.localdate(at), at=at, by=staff_name(request))
    except NotReinstatedError as refused:
        if refused.why == "unknown":
            raise Http404 from None
        messages.error(request, _("Too late: points come back within 30 days of their expiry."))
    else:
        sentence = ngettext(
            "%(points)s point is back and can be used for %(days)s days.",
            "%(points)s points are back and can be used for %(days)s days.",
            done.points,
        )
        messages.success(request, sentence % {"points": count(done.points), "days": LASTS_DAYS})
    return redirect("membership:member", customer_id)
