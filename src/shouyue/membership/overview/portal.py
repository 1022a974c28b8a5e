"""The member's own page at the portal: card with its code, points and what expires, tier, benefits, history."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shouyue.kernel import clock
from shouyue.membership.overview.queries import entries
from shouyue.membership.overview.sentences import entry_title, key_names, reasons, view_words
from shouyue.membership.programme.public import named
from shouyue.membership.rewards.public import rewards_for
from shouyue.membership.tiers.public import benefit_quota, member_view
from shouyue.web.portal.frame import faces_of
from shouyue.web.portal.principal import member_of
from shouyue.web.qr import qr_code


def card(customer_id: UUID) -> Mapping[str, Any] | None:
    """Points and tier on the portal's first page; None for whoever is no member."""
    on = timezone.localdate(clock.now())
    view = member_view(customer_id, on=on)
    return None if view is None else {"view": view, **view_words(view)}


@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """Card with its code, points, what expires, tier, benefits, referral link, history."""
    customer_id, on = member_of(request).customer_id, timezone.localdate(clock.now())
    view = member_view(customer_id, on=on)
    if view is None:
        return render(request, "membership/no_member.html")
    words, names = view_words(view), key_names()
    context = {
        "view": view,
        "face": faces_of([customer_id])[customer_id],
        "qr": qr_code(str(customer_id)),
        "rewards": rewards_for(view, on=on)[:3],
        "benefits": [
            (named(one.benefit.zh, one.benefit.en), benefit_quota(one.left.quota, one.benefit.period), one.left)
            for one in view.benefits
        ],
        "entries": [(entry_title(one), reasons(one, names), one) for one in entries(customer_id)],
        "words": words,
        "tier_name": words["tier_name"],
    }
    return render(request, "membership/points.html", context)
