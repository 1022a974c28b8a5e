"""Referrals at the desk: somebody looks at those that wait."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouyue.kernel import clock
from shouyue.membership.referral.actions.deciding import decide_referral
from shouyue.membership.referral.models import Referral
from shouyue.web.staff import must_change, staff_name


@require_POST
def referral(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Somebody looked at a referral that waits."""
    must_change(request)
    counts = request.POST.get("counts")
    if counts not in ("yes", "no"):
        return HttpResponseBadRequest()
    try:
        decide_referral(customer_id, counts=counts == "yes", at=clock.now(), by=staff_name(request))
    except Referral.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Decided."))
    return redirect("membership:programme")
