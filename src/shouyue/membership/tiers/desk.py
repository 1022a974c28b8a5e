"""Benefits at the desk: a use is recorded where it happens."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouyue.kernel import clock
from shouyue.membership.tiers.actions.benefits import BenefitRefusedError, use_benefit
from shouyue.web.staff import must_change, staff_name


@require_POST
def use(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A member uses a benefit now; the key of the form counts it once."""
    must_change(request)
    at = clock.now()
    try:
        use_benefit(
            use_id=UUID(request.POST.get("key", "")),
            customer_id=customer_id,
            benefit=request.POST.get("benefit", ""),
            on=timezone.localdate(at),
            at=at,
            by=staff_name(request),
        )
    except ValueError:
        raise Http404 from None
    except BenefitRefusedError as refused:
        if refused.is_used_up:
            messages.error(request, _("Nothing is left of this benefit in this period."))
        else:
            messages.error(request, _("The member's tier does not have this benefit."))
    else:
        messages.success(request, _("Recorded. The member sees on the phone what is left."))
    return redirect("membership:member", customer_id)
