"""Tiers and benefits as sentences, in the reader's language."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from shouyue.membership.programme.public import named, published_versions
from shouyue.membership.tiers.queries.members import tier_counts
from shouyue.membership.tiers.rules.drafting import lowest_of
from shouyue.membership.tiers.rules.standing import Measure, Why
from shouyue.membership.tiers.rules.terms import tier_rule_of
from shouyue.membership.tiers.rules.tiers import Exact, Landing
from shouyue.membership.tiers.rules.windows import WindowKind
from shouyue.web.format import count, money_fen

PERIODS: Final[Mapping[str, str | Promise]] = {
    "month": pgettext_lazy("how often", "a month"),
    "quarter": pgettext_lazy("how often", "a quarter"),
    "year": pgettext_lazy("how often", "a year"),
    "always": pgettext_lazy("how often", "in all"),
}
MEASURES: Final[Mapping[Measure, str | Promise]] = {
    Measure.SPEND: gettext_lazy("Money spent, less what was returned"),
    Measure.POINTS: gettext_lazy("Points earned"),
    Measure.VISITS: gettext_lazy("Days with a purchase"),
}
MINIMUMS: Final[Mapping[Measure, str | Promise]] = {
    Measure.SPEND: gettext_lazy("From (yuan)"),
    Measure.POINTS: gettext_lazy("From (points)"),
    Measure.VISITS: gettext_lazy("From (visits)"),
}
KINDS: Final[Mapping[WindowKind, str | Promise]] = {
    WindowKind.CALENDAR: gettext_lazy("calendar years"),
    WindowKind.ANNIVERSARY: gettext_lazy("years from the day of joining"),
    WindowKind.ROLLING: gettext_lazy("the last months, on every day"),
}
LANDINGS: Final[Mapping[Landing, str | Promise]] = {
    Landing.ONE_DOWN: gettext_lazy("falls one tier at a time"),
    Landing.BALANCE_BASED: gettext_lazy("falls to the tier that was reached"),
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


def tier_titles() -> dict[str, str]:
    """What every tier that was ever published is called, by its name."""
    steps = [one for version in published_versions() for one in version.content["tiers"]["steps"]]
    return {one["name"]: named(one["zh"], one["en"]) for one in steps}


def tier_rows(content: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any], str, int]]:
    """Each tier: what it is called, how it is kept, its minimum in words, members as of the last review."""
    having, measure = tier_counts(), Measure(content["tiers"]["measure"])
    return [
        (named(one["zh"], one["en"]), one, amount_words(one["minimum_fen"], measure), having.get(one["name"], 0))
        for one in content["tiers"]["steps"]
    ]


def step_sentence(step: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """One tier as a sentence: from what amount, what it makes of points, for what it is sold."""
    told = {"tier": named(step["zh"], step["en"]), "factor": step["factor"]}
    if step["name"] == lowest_of(content):
        found = _("%(tier)s: for whoever joins, points × %(factor)s") % told
    else:
        amount = amount_words(step["minimum_fen"], Measure(content["tiers"]["measure"]))
        found = _("%(tier)s: from %(amount)s, points × %(factor)s") % {**told, "amount": amount}
    if price := step.get("price_fen"):
        months = step["months"]
        sold = ngettext(
            "sold for %(price)s for %(months)s month", "sold for %(price)s for %(months)s months", months
        ) % {"price": money_fen(price), "months": months}
        found = pgettext("between parts of a sentence", ", ").join((found, sold))
    return found + _(".")


def benefit_sentence(benefit: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """One benefit as a sentence: for which tiers, how often."""
    tiers = [named(one["zh"], one["en"]) for one in content["tiers"]["steps"] if one["name"] in benefit["tiers"]]
    return _("%(benefit)s for %(tiers)s: %(quota)s.") % {
        "benefit": named(benefit["zh"], benefit["en"]),
        "tiers": _(", ").join(tiers),
        "quota": benefit_quota(benefit["quota"], benefit["period"]),
    }


def all_sentences(content: Mapping[str, Any]) -> list[str]:
    """Everything that a version says about tiers and benefits."""
    return [
        *(step_sentence(one, content) for one in content["tiers"]["steps"]),
        *tier_sentences(content),
        *(benefit_sentence(one, content) for one in content["benefits"]),
    ]


def benefit_quota(quota: int | None, period: str) -> str:
    if quota is None:
        return _("as often as wanted")
    words = ngettext("%(quota)s time %(period)s", "%(quota)s times %(period)s", quota)
    return words % {"quota": quota, "period": PERIODS[period]}


def amount_words(amount: Exact, measure: Measure) -> str:
    """What counts towards a tier, in its unit."""
    whole = int(amount)
    if measure is Measure.SPEND:
        return money_fen(whole)
    if measure is Measure.POINTS:
        return ngettext("%(n)s point", "%(n)s points", whole) % {"n": count(whole)}
    return ngettext("%(n)s visit", "%(n)s visits", whole) % {"n": count(whole)}
