"""Input of the rewards' screens."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.membership.rewards.models import Reward

_HOLD_MINUTES = 60


class RewardForm(forms.ModelForm):  # type: ignore[type-arg]  # django-stubs and Django differ in what may be subscripted
    """A reward of the catalogue. What costs money too is reserved by the member and paid at the till."""

    cash_yuan = forms.DecimalField(
        label=_("And in money (yuan)"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        help_text=_("Above zero: members reserve it, and pay when they fetch it."),
    )

    class Meta:
        model = Reward
        fields = ("name_zh", "name_en", "points", "stock_left", "limit_each", "hold_minutes", "is_open")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance.cash_fen:
            self.initial["cash_yuan"] = Decimal(self.instance.cash_fen) / 100

        self.fields["hold_minutes"].required = False

    def clean_hold_minutes(self) -> int:
        minutes: int | None = self.cleaned_data["hold_minutes"]
        if minutes is not None and minutes < 1:
            raise forms.ValidationError(_("A reservation lasts a minute at least. Leave it empty for an hour."))
        return minutes or _HOLD_MINUTES

    def save(self, commit: bool = True) -> Any:
        self.instance.cash_fen = int((self.cleaned_data["cash_yuan"] or 0) * 100)
        return super().save(commit=commit)


class VoucherForm(forms.Form):
    """A voucher that somebody shows at the till."""

    code = forms.CharField(label=_("Voucher code"), max_length=20)
