"""Friends at the portal: the member's own link, the page it leads to, and joining."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from shouyue.kernel import clock
from shouyue.membership.ledger.public import programme_on
from shouyue.membership.persons.public import member_number
from shouyue.membership.programme.public import version_on
from shouyue.membership.referral.actions.joining import join_programme, referral_code
from shouyue.membership.referral.queries import brought_by, code_exists
from shouyue.membership.referral.rules.referral import referral_rule_of
from shouyue.membership.referral.terms import joining_terms
from shouyue.web.portal.principal import ROOT, member_of, member_or_none
from shouyue.web.qr import qr_code

_CODE, _DEVICE = "shouyue_invited", "shouyue_device"
_DAYS = 24 * 60 * 60


def join_card(customer_id: UUID) -> Mapping[str, Any] | None:
    """On the portal's first page, for whoever is no member yet while there is a programme."""
    version = version_on(timezone.localdate(clock.now()))
    if version is None or member_number(customer_id) is not None:
        return None
    return {"points": referral_rule_of(version.content).points}


@require_safe
def friends(request: HttpRequest) -> HttpResponse:
    """The member's own link for friends, and what came of it."""
    customer_id, device = member_of(request).customer_id, _device(request)
    code = referral_code(customer_id, device=device, at=clock.now())
    version = version_on(timezone.localdate(clock.now()))
    link = request.build_absolute_uri(reverse("membership:invited", args=[code]))
    context = {
        "code": code,
        "link": link,
        "qr": qr_code(link),
        "brought": brought_by(customer_id),
        "rule": referral_rule_of(version.content) if version else None,
    }
    answer = render(request, "membership/friends.html", context)
    _keep(answer, _DEVICE, device, days=365)
    return answer


@login_not_required
@require_safe
def invited(request: HttpRequest, code: str) -> HttpResponse:
    """Where a friend's link leads: what there is to win, and the way to sign in. The code is kept for the joining."""
    version = version_on(timezone.localdate(clock.now()))
    is_known = version is not None and code_exists(code)
    session = member_or_none(request)
    context = {
        "is_known": is_known,
        "rule": referral_rule_of(version.content) if version else None,
        "is_here": session is not None,
        "is_member": session is not None and member_number(session.customer_id) is not None,
    }
    answer = render(request, "membership/invited.html", context, status=200 if is_known else 404)
    if is_known:
        _keep(answer, _CODE, code, days=30)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The terms, and becoming a member by agreeing to them; by a friend's code if there is one."""
    customer_id, device, at = member_of(request).customer_id, _device(request), clock.now()
    on = timezone.localdate(at)
    version = version_on(on)
    if version is None or member_number(customer_id) is not None:
        return redirect("membership:points" if version else "portal:home")
    terms = joining_terms(version, programme_on(on))
    code = request.POST.get("code", "").strip().upper() or str(request.get_signed_cookie(_CODE, "", salt=_CODE))
    if request.method != "POST" or request.POST.get("agreed") != "on":
        context = {"terms": terms, "code": code, "was_not_agreed": request.method == "POST"}
        return render(request, "membership/join.html", context, status=422 if request.method == "POST" else 200)
    join_programme(customer_id=customer_id, code=code, device=device, at=at, on=on, agreed=terms)
    answer = redirect("portal:home")
    _keep(answer, _DEVICE, device, days=365)
    answer.delete_cookie(_CODE, path=ROOT)
    return answer


def _device(request: HttpRequest) -> str:
    """What this browser is known by: a number of its own, for the guard against friends on one phone."""
    return str(request.get_signed_cookie(_DEVICE, "", salt=_DEVICE) or uuid4().hex)


def _keep(answer: HttpResponse, name: str, value: str, *, days: int) -> None:
    answer.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=days * _DAYS,
        path=ROOT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
