"""Checking in at the portal."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from shouyue.kernel import clock
from shouyue.membership.ledger.public import Balance
from shouyue.membership.occasions.actions import check_in
from shouyue.membership.occasions.queries import has_checked_in, points_for
from shouyue.membership.programme.public import Occasion
from shouyue.web.portal.principal import member_of


def check_in_card(customer_id: UUID) -> Mapping[str, Any] | None:
    """The day's check-in on the portal's first page; None for whoever is no member, or where nothing is given."""
    on = timezone.localdate(clock.now())
    points = points_for(Occasion.CHECK_IN, on=on)
    if not points or not Balance.objects.filter(customer_id=customer_id).exists():
        return None
    return {"points": points, "is_done": has_checked_in(customer_id, on=on)}


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """The member checks in: once a day, by the day of the shop's time zone."""
    at = clock.now()
    check_in(member_of(request).customer_id, on=timezone.localdate(at), at=at)
    return redirect("portal:home")
