"""Input of the tiers' screens."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id
from shouyue.kernel.money import yuan_text
from shouyue.membership.programme.public import named
from shouyue.membership.tiers.rules.drafting import lowest_of, minimum_of, shown_minimum
from shouyue.membership.tiers.rules.standing import Measure
from shouyue.membership.tiers.rules.terms import Content
from shouyue.membership.tiers.rules.windows import WindowError, WindowKind, WindowRule
from shouyue.membership.tiers.sentences import KINDS, LANDINGS, MEASURES, MINIMUMS, PERIODS
from shouyue.web.choices import offer_choices
from shouyue.web.inputs import DayInput

MONTHS_MAX = 60
_PRICE_MAX = 1_000_000


class DayForm(forms.Form):
    """Any day: which tier did the member have then?"""

    day = forms.DateField(label=_("On the day"), widget=DayInput())

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come. Choose today or an earlier one."))
        return day


class _DraftForm(forms.Form):
    """Part of the draft. seen: the mark of the draft that was read."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, content: Content, **more: Any) -> None:
        super().__init__(*args, **more)
        self.content = content


class StepForm(_DraftForm):
    """One tier: from what amount, what it makes of points, and for what it is sold."""

    zh = forms.CharField(label=_("Name in Chinese"), max_length=30)
    en = forms.CharField(label=_("Name in English"), max_length=30)
    minimum = forms.IntegerField(min_value=0, max_value=100_000_000)
    factor = forms.DecimalField(
        label=_("Points times"), min_value=Decimal("0.1"), max_value=20, max_digits=4, decimal_places=2, initial=1
    )
    price_yuan = forms.DecimalField(
        label=_("Sold for (yuan)"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=_PRICE_MAX,
        max_digits=9,
        decimal_places=2,
        help_text=_("Empty: it cannot be bought, only reached."),
    )
    months = forms.IntegerField(label=_("For so many months"), required=False, min_value=1, max_value=MONTHS_MAX)
    name = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.measure = Measure(self.content["tiers"]["measure"])
        self.fields["minimum"].label = str(MINIMUMS[self.measure])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        others = [one for one in self.content["tiers"]["steps"] if one["name"] != told.get("name")]
        minimum = told.get("minimum")
        if minimum is not None:
            self._check_minimum(minimum, told.get("name"), others)
        for language in ("zh", "en"):
            if told.get(language) in {one[language] for one in others}:
                self.add_error(language, _("Another tier is called so. Choose a name of its own."))
        if bool(told.get("price_yuan")) != bool(told.get("months")) and not self.has_error("price_yuan"):
            missing = "months" if told.get("price_yuan") else "price_yuan"
            self.add_error(missing, _("Say both the price and the months, or neither."))
        return told

    def _check_minimum(self, minimum: int, name: str | None, others: list[dict[str, Any]]) -> None:
        same = next((one for one in others if shown_minimum(one["minimum_fen"], self.measure) == minimum), None)
        if name == lowest_of(self.content) and minimum:
            self.add_error("minimum", _("This is the tier of whoever joins: it begins at 0."))
        elif same is not None:
            words = _("“%(tier)s” begins there already. Choose another amount.")
            self.add_error("minimum", words % {"tier": named(same["zh"], same["en"])})

    def step(self) -> dict[str, Any]:
        """The tier as a version keeps it; call after is_valid."""
        told = self.cleaned_data
        return {
            "name": told["name"] or f"tier-{new_id().hex[-8:]}",
            "zh": told["zh"],
            "en": told["en"],
            "minimum_fen": minimum_of(told["minimum"], self.measure),
            "factor": f"{told['factor'].normalize():f}",
            "price_fen": int(told["price_yuan"] * 100) if told["price_yuan"] else None,
            "months": told["months"],
        }

    @staticmethod
    def told(step: dict[str, Any], content: Content) -> dict[str, Any]:
        """What the form begins with for a kept tier."""
        measure = Measure(content["tiers"]["measure"])
        price = step.get("price_fen")
        shown = {"minimum": shown_minimum(step["minimum_fen"], measure)}
        return {**step, **shown, "price_yuan": yuan_text(price) if price else None}


class TermsForm(_DraftForm):
    """What counts, over which days, and what becomes of whoever misses a minimum."""

    measure = forms.ChoiceField(
        label=_("What counts"),
        choices=[(one.value, words) for one, words in MEASURES.items()],
        help_text=_("Minimums keep their number when this changes: 1,000 yuan become 1,000 points. Look at each tier."),
    )
    kind = forms.ChoiceField(label=_("Counted over"), choices=[(one.value, words) for one, words in KINDS.items()])
    months = forms.IntegerField(
        label=_("So many months"),
        min_value=1,
        max_value=MONTHS_MAX,
        help_text=_("For the last months only; years have twelve."),
    )
    grace_days = forms.IntegerField(
        label=_("Days of grace after the period"),
        min_value=0,
        max_value=180,
        help_text=_("What is bought in these days counts too. Over the last months: 27 at most."),
    )
    landing = forms.ChoiceField(
        label=_("Who misses the minimum"), choices=[(one.value, words) for one, words in LANDINGS.items()]
    )
    notice_days = forms.IntegerField(label=_("Warned so many days before"), min_value=0, max_value=180)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        kind = told.get("kind")
        if kind and kind != WindowKind.ROLLING:
            told["months"] = 12
            self.errors.pop("months", None)
        if kind and told.get("grace_days") is not None and told.get("months"):
            try:
                WindowRule(WindowKind(kind), told["months"], told["grace_days"])
            except WindowError:
                self.add_error("grace_days", _("Reviewed every month, 27 days of grace are the most there can be."))
        return told

    def terms(self) -> dict[str, Any]:
        """The terms as a version keeps them; call after is_valid."""
        told = self.cleaned_data
        window = {name: told[name] for name in ("kind", "months", "grace_days")}
        return {"window": window, **{name: told[name] for name in ("measure", "landing", "notice_days")}}

    @staticmethod
    def told(content: Content) -> dict[str, Any]:
        """What the form begins with."""
        return {**content["tiers"], **content["tiers"]["window"]}


class BenefitForm(_DraftForm):
    """One benefit: of which tiers, how often."""

    zh = forms.CharField(label=_("Name in Chinese"), max_length=40)
    en = forms.CharField(label=_("Name in English"), max_length=60)
    tiers = forms.MultipleChoiceField(label=_("For these tiers"), widget=forms.CheckboxSelectMultiple)
    quota = forms.IntegerField(
        label=_("How many times"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Empty: as often as wanted."),
    )
    period = forms.ChoiceField(label=_("In which time"), choices=list(PERIODS.items()), initial="year")
    key = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        steps = self.content["tiers"]["steps"]
        offer_choices(self, "tiers", [(one["name"], named(one["zh"], one["en"])) for one in steps])

    def benefit(self) -> dict[str, Any]:
        """The benefit as a version keeps it; call after is_valid."""
        told = self.cleaned_data
        return {
            "key": told["key"] or f"benefit-{new_id().hex[-8:]}",
            **{name: told[name] for name in ("zh", "en", "tiers", "quota")},
            "period": told["period"] if told["quota"] else "always",
        }
