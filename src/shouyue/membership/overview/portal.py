"""The member's own page at the portal: card with its code, points and what expires, tier, benefits, history."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from shouyue.kernel import clock
from shouyue.membership.ledger.public import programme_on
from shouyue.membership.overview.queries import entries
from shouyue.membership.overview.sentences import entry_title, key_names, reasons, view_words
from shouyue.membership.programme.public import named
from shouyue.membership.rewards.public import open_vouchers, reserved_by, rewards_for
from shouyue.membership.tiers.public import MemberView, benefit_quota, member_view
from shouyue.web.portal.frame import faces_of
from shouyue.web.portal.principal import member_of
from shouyue.web.qr import qr_code

_SOON_DAYS = 60


def head(customer_id: UUID) -> Mapping[str, Any] | None:
    """The member card on the portal's first page; None for whoever is no member."""
    on = timezone.localdate(clock.now())
    view = member_view(customer_id, on=on)
    return None if view is None else _head(view, on, is_home=True)


def lately(customer_id: UUID) -> Mapping[str, Any] | None:
    """What expires next and what came and went lately; None for whoever is no member."""
    on = timezone.localdate(clock.now())
    view = member_view(customer_id, on=on)
    if view is None:
        return None
    names = key_names()
    soon = [one for one in view.expiring if one[0] <= on + timedelta(days=_SOON_DAYS)]
    within = [name for name, _reward, missing in rewards_for(view, on=on) if not missing]
    return {
        "soonest": soon[0] if soon else None,
        "affordable": within[-1] if within else "",
        "entries": [(entry_title(one), reasons(one, names), one) for one in entries(view.ids, most=3)],
    }


def _head(view: MemberView, on: date, *, is_home: bool) -> dict[str, Any]:
    terms = programme_on(on)
    waiting = (*reserved_by(view.ids), *open_vouchers(view.ids)) if is_home else ()
    return {
        "view": view,
        "face": faces_of([view.customer_id])[view.customer_id],
        "qr": qr_code(str(view.customer_id)),
        "worth_fen": view.usable * terms.point_value_e4 // 100 if terms else 0,
        "vouchers": len(waiting),
        "is_home": is_home,
        "style": static("membership/programme.css"),
        **view_words(view),
    }


@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """Card with its code, points, what expires, tier, benefits, referral link, history."""
    customer_id, on = member_of(request).customer_id, timezone.localdate(clock.now())
    view = member_view(customer_id, on=on)
    if view is None:
        return render(request, "membership/no_member.html")
    names = key_names()
    context = {
        "view": view,
        "card": _head(view, on, is_home=False),
        "rewards": rewards_for(view, on=on)[:3],
        "benefits": [
            (named(one.benefit.zh, one.benefit.en), benefit_quota(one.left.quota, one.benefit.period), one.left)
            for one in view.benefits
        ],
        "entries": [(entry_title(one), reasons(one, names), one) for one in entries(view.ids)],
    }
    return render(request, "membership/points.html", context)
