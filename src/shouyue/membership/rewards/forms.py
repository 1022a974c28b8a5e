"""Input of the rewards' screens."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.membership.rewards.models import Reward


class RewardForm(forms.ModelForm):  # type: ignore[type-arg]  # django-stubs and Django differ in what may be subscripted
    """A reward of the catalogue."""

    class Meta:
        model = Reward
        fields = ("name_zh", "name_en", "points", "stock_left", "limit_each", "is_open")


class VoucherForm(forms.Form):
    """A voucher that somebody shows at the till."""

    code = forms.CharField(label=_("Voucher code"), max_length=20)
