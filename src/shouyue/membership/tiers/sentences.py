"""Tiers and benefits as sentences, in the reader's language."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shouyue.membership.tiers.rules.standing import Measure, Why
from shouyue.membership.tiers.rules.terms import tier_rule_of
from shouyue.membership.tiers.rules.tiers import Exact, Landing
from shouyue.membership.tiers.rules.windows import WindowKind
from shouyue.web.format import count, money_fen

PERIODS: Final[Mapping[str, str | Promise]] = {
    "month": gettext_lazy("a month"),
    "quarter": gettext_lazy("a quarter"),
    "year": gettext_lazy("a year"),
    "always": gettext_lazy("in all"),
}


WHY: Final[Mapping[Why, str | Promise]] = {
    Why.JOINED: gettext_lazy("joined"),
    Why.REACHED: gettext_lazy("reached"),
    Why.KEPT: gettext_lazy("kept at the review"),
    Why.FELL: gettext_lazy("minimum missed at the review"),
}


def tier_sentences(content: Mapping[str, Any]) -> list[str]:
    """How tiers are reached, kept and lost by a version."""
    rule = tier_rule_of(content)
    months, window = rule.window.months, rule.window
    what = {
        Measure.SPEND: _("What counts is money spent, less what was returned."),
        Measure.POINTS: _("What counts are points earned."),
        Measure.VISITS: _("What counts are days with a purchase."),
    }[rule.measure]
    over = {
        WindowKind.CALENDAR: _("It counts over calendar years."),
        WindowKind.ANNIVERSARY: _("It counts over years from the day of joining."),
        WindowKind.ROLLING: _("It counts over the last %(months)s months, on every day.") % {"months": months},
    }[window.kind]
    grace = ngettext(
        "A period that has ended is reviewed after %(days)s day of grace, whose purchases count too.",
        "A period that has ended is reviewed after %(days)s days of grace, whose purchases count too.",
        window.grace_days,
    ) % {"days": window.grace_days}
    landing = (
        _("Who misses the minimum falls one tier.")
        if rule.landing is Landing.ONE_DOWN
        else _("Who misses the minimum falls to the tier that was reached.")
    )
    notice = ngettext(
        "Members are warned %(days)s day before.", "Members are warned %(days)s days before.", rule.notice_days
    ) % {"days": rule.notice_days}
    return [_("A tier is reached at once."), what, over, grace, landing, notice]


def benefit_quota(quota: int | None, period: str) -> str:
    if quota is None:
        return _("as often as wanted")
    return _("%(quota)s times %(period)s") % {"quota": quota, "period": PERIODS[period]}


def amount_words(amount: Exact, measure: Measure) -> str:
    """What counts towards a tier, in its unit."""
    whole = int(amount)
    if measure is Measure.SPEND:
        return money_fen(whole)
    if measure is Measure.POINTS:
        return ngettext("%(n)s point", "%(n)s points", whole) % {"n": count(whole)}
    return ngettext("%(n)s visit", "%(n)s visits", whole) % {"n": count(whole)}
