"""Rewards at the desk: the catalogue, and vouchers that are shown at the till."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouyue.kernel import clock
from shouyue.membership.programme.public import named
from shouyue.membership.rewards.actions import UnknownVoucherError, hand_over, keep_reward
from shouyue.membership.rewards.forms import RewardForm, VoucherForm
from shouyue.membership.rewards.models import Reward
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
    """A voucher was shown at the till."""
    must_change(request)
    form = VoucherForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = hand_over(form.cleaned_data["code"], at=clock.now())
        except UnknownVoucherError:
            form.add_error("code", _("No open voucher has this code. Check the letters; each is handed over once."))
        else:
            name = named(taken.reward.name_zh, taken.reward.name_en)
            messages.success(request, _("Hand over: %(reward)s.") % {"reward": name})
            return redirect("membership:use_voucher")
    return render(request, "membership/use_voucher.html", {"form": form}, status=422 if form.errors else 200)
