"""Rewards at the desk: the catalogue, and vouchers that are shown at the till."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouyue.kernel import clock
from shouyue.membership.programme.public import named
from shouyue.membership.rewards.actions.reserving import (
    ReservationEndedError,
    complete_reservation,
    end_reservation,
)
from shouyue.membership.rewards.actions.taking import UnknownVoucherError, give_back, hand_over, keep_reward
from shouyue.membership.rewards.forms import RewardForm, VoucherForm
from shouyue.membership.rewards.models import Redemption, RedemptionState, Reward
from shouyue.membership.rewards.queries import redemption_of_code
from shouyue.web.portal.frame import faces_of
from shouyue.web.staff import must_change, staff_name


@require_http_methods(["GET", "HEAD", "POST"])
def reward(request: HttpRequest, reward_id: UUID | None = None) -> HttpResponse:
    """A reward of the catalogue, new or changed."""
    must_change(request)
    found = Reward.objects.filter(pk=reward_id).first() if reward_id else None
    form = RewardForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        keep_reward(form.save(commit=False), at=clock.now(), by=staff_name(request))
        messages.success(request, _("The reward is in the catalogue."))
        return redirect("membership:programme")
    context = {"form": form, "reward": found}
    return render(request, "membership/reward_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def use_voucher(request: HttpRequest) -> HttpResponse:
    """A voucher was shown at the till: what it is for, then what becomes of it. Codes stay out of addresses."""
    must_change(request)
    form = VoucherForm(request.POST or None)
    found: Redemption | None = None
    if request.method == "POST" and form.is_valid():
        code, wish = form.cleaned_data["code"], request.POST.get("wish", "")
        found = redemption_of_code(code)
        if found is None:
            form.add_error("code", _("No voucher has this code. Check the letters; one of them is wrong."))
        elif wish and (refusal := _carry_out(request, found, wish)):
            form.add_error(None, refusal)
            found = redemption_of_code(code)
        elif wish:
            return redirect("membership:use_voucher")
    context: dict[str, object] = {"form": form, "found": found}
    if found is not None:
        context |= {
            "name": named(found.reward.name_zh, found.reward.name_en),
            "number": faces_of([found.customer_id])[found.customer_id].number,
        }
    return render(request, "membership/use_voucher.html", context, status=422 if form.errors else 200)


def _carry_out(request: HttpRequest, found: Redemption, wish: str) -> str:
    """Hand over, complete with the payment, or void; "" when it is done, else why not and what to do."""
    at, by = clock.now(), staff_name(request)
    on, name = timezone.localdate(at), named(found.reward.name_zh, found.reward.name_en)
    whose = {"customer_id": found.customer_id, "redemption_id": found.id}
    try:
        if wish == "hand_over":
            hand_over(found.code, at=at, by=by)
            messages.success(request, _("Hand over: %(reward)s.") % {"reward": name})
        elif wish == "complete":
            # The button names the amount: whoever presses it has taken that much.
            complete_reservation(found.code, paid_fen=found.cash_fen, at=at, on=on, by=by)
            messages.success(request, _("Paid. Hand over: %(reward)s.") % {"reward": name})
        elif wish == "void" and found.state == RedemptionState.RESERVED:
            end_reservation(**whose, at=at, on=on, by=by)
            messages.success(request, _("The reservation is ended. Points and piece are free again."))
        elif wish == "void":
            give_back(**whose, at=at, on=on, by=by)
            messages.success(request, _("Void. The points are back where they came from."))
    except UnknownVoucherError:
        return _("This voucher is used or given back already. Nothing was handed over or given back.")
    except ReservationEndedError:
        return _("The reservation ended before: points and piece were set free. The member can take the reward again.")
    return ""
