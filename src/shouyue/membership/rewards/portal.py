"""Rewards at the portal: what can be had for points, and the voucher of what was taken."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.customers.public import ids_of_person
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.programme.public import named
from shouyue.membership.rewards.actions.reserving import end_reservation, reserve_reward
from shouyue.membership.rewards.actions.taking import RewardRefusedError, redeem_reward
from shouyue.membership.rewards.models import Redemption, Reward
from shouyue.membership.rewards.queries import open_vouchers, reserved_by, rewards_for
from shouyue.membership.tiers.public import MemberView, member_view
from shouyue.web.format import count
from shouyue.web.portal.principal import member_of
from shouyue.web.qr import qr_code


@require_safe
def rewards(request: HttpRequest) -> HttpResponse:
    """What can be had for points."""
    _customer_id, on, view = _member(request)
    if view is None:
        return render(request, "membership/no_member.html")
    context = {
        "view": view,
        "rewards": rewards_for(view, on=on),
        "vouchers": [
            (named(one.reward.name_zh, one.reward.name_en), one)
            for one in (*reserved_by(view.ids), *open_vouchers(view.ids))
        ],
    }
    return render(request, "membership/rewards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reward(request: HttpRequest, reward_id: UUID) -> HttpResponse:
    """One reward: what it costs and leaves; taken by POST under the key of the form, once."""
    customer_id, on, view = _member(request)
    if view is None:
        return render(request, "membership/no_member.html")
    found = get_object_or_404(Reward, pk=reward_id)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            take = reserve_reward if found.cash_fen else redeem_reward
            taken = take(
                redemption_id=_key(request.POST.get("key", "")),
                customer_id=customer_id,
                reward_id=reward_id,
                tier=view.progress.tier,
                at=clock.now(),
                on=on,
            )
        except RewardRefusedError as refused:
            refusal, status = _why(refused), 422
        else:
            return redirect("membership:voucher", taken.id)
    context = {
        "view": view,
        "name": named(found.name_zh, found.name_en),
        "reward": found,
        "left": view.usable - found.points,
        "key": new_id(),
        "refusal": refusal,
    }
    return render(request, "membership/reward.html", context, status=status)


@require_safe
def voucher(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """The voucher of a reward that was taken, to show at the till."""
    taken = _owned(request, redemption_id)
    name = named(taken.reward.name_zh, taken.reward.name_en)
    return render(request, "membership/voucher.html", {"taken": taken, "name": name, "qr": qr_code(taken.code)})


@require_POST
def end(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """The member does not want a reserved reward any more."""
    taken, at = _owned(request, redemption_id), clock.now()
    end_reservation(
        customer_id=taken.customer_id,
        redemption_id=redemption_id,
        at=at,
        on=timezone.localdate(at),
        by=f"member:{member_of(request).customer_id}",
    )
    return redirect("membership:voucher", redemption_id)


def _member(request: HttpRequest) -> tuple[UUID, date, MemberView | None]:
    customer_id, on = member_of(request).customer_id, timezone.localdate(clock.now())
    return customer_id, on, member_view(customer_id, on=on)


def _owned(request: HttpRequest, redemption_id: UUID) -> Redemption:
    """What the person took under any of their numbers. Raises Http404."""
    customer_id = member_of(request).customer_id
    found = Redemption.objects.select_related("reward").filter(
        customer_id__in=ids_of_person([customer_id])[customer_id]
    )
    return get_object_or_404(found, id=redemption_id)


def _key(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise Http404 from None


def _why(refused: RewardRefusedError) -> str:
    if refused.why == "points":
        sentence = ngettext(
            "You lack %(missing)s point. Nothing was taken.",
            "You lack %(missing)s points. Nothing was taken.",
            refused.missing,
        )
        return sentence % {"missing": count(refused.missing)}
    return {
        "cash": _("This reward costs money too. Reserve it, and pay when you fetch it."),
        "gone": _("The last one was just taken. Your points are untouched; choose another reward."),
        "closed": _("This reward is not offered now. Your points are untouched; choose another one."),
        "limit": _("You have had this reward as often as it may be taken. Your points are untouched."),
        "tier": _("This reward is for another tier. Your points are untouched."),
    }[refused.why]
