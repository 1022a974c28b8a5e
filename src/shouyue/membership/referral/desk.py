"""Referrals at the desk: somebody looks at those that wait."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouyue.kernel import clock
from shouyue.membership.referral.actions.deciding import decide_referral
from shouyue.web.staff import must_change, staff_name


@require_POST
def referral(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Somebody looked at a referral that waits."""
    must_change(request)
    decide_referral(customer_id, counts=request.POST.get("counts") == "yes", at=clock.now(), by=staff_name(request))
    messages.success(request, _("Decided."))
    return redirect("membership:programme")
