"""Rules and reasons as sentences, in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from shouyue.membership.programme.rules.earning import Occasion
from shouyue.web.format import count, day, money_fen

OCCASIONS: Final[Mapping[str, str | Promise]] = {
    Occasion.PURCHASE: gettext_lazy("Purchase"),
    Occasion.FIRST_PURCHASE: gettext_lazy("First purchase"),
    Occasion.REVIEW: gettext_lazy("Review of a purchase"),
    Occasion.CHECK_IN: gettext_lazy("Daily check-in"),
    Occasion.BIRTHDAY: gettext_lazy("Birthday"),
    Occasion.SURVEY: gettext_lazy("Survey answered"),
    Occasion.DATA_CONFIRMED: gettext_lazy("Data confirmed"),
    "referral": gettext_lazy("Friend brought"),
}
FAULTS: Final[Mapping[str, str | Promise]] = {
    "no_first_tier": gettext_lazy("No tier begins at 0: new members would have none."),
    "tiers_alike": gettext_lazy("Two tiers have the same name or the same minimum."),
    "no_base_rule": gettext_lazy("There must be exactly one base rule for purchases."),
    "rule_without_points": gettext_lazy("A rule gives no points."),
    "ends_before_it_begins": gettext_lazy("A rule ends before it begins."),
    "campaign_of_no_tier": gettext_lazy("A campaign is for a tier that does not exist."),
    "benefit_of_no_tier": gettext_lazy("A benefit belongs to a tier that does not exist."),
}


def named(zh: str, en: str) -> str:
    """A name that staff gave in both languages."""
    return zh if (get_language() or "").startswith("zh") else en


def rule_sentence(rule: Mapping[str, Any]) -> str:
    """One earn rule, or one campaign, as a sentence: for what, how much, until when, at most how much."""
    if "factor" in rule:
        return campaign_sentence(rule)
    parts = [_gain(rule)]
    first, last = rule["first"], rule["last"]
    if first and last:
        parts.append(_("from %(first)s to %(last)s") % {"first": _day(first), "last": _day(last)})
    elif first:
        parts.append(_("from %(first)s") % {"first": _day(first)})
    elif last:
        parts.append(_("until %(last)s") % {"last": _day(last)})
    return _sentence([*parts, *_limits(rule)])


def rule_name(rule: Mapping[str, Any]) -> str:
    """What reasons call a purchase rule: by what it is about."""
    what = _listed([*_goods(rule), *rule["channels"]])
    return what or _("every purchase")


def campaign_sentence(campaign: Mapping[str, Any]) -> str:
    """One campaign as a sentence: what it makes of points, on which days, up to what."""
    told = {"name": named(campaign["zh"], campaign["en"]), "factor": campaign["factor"]}
    if what := _listed(_goods(campaign)):
        gain = _("%(name)s: points × %(factor)s for %(what)s") % {**told, "what": what}
    else:
        gain = _("%(name)s: points × %(factor)s") % told
    days = {"first": _day(campaign["first"]), "last": _day(campaign["last"])}
    return _sentence([gain, _("from %(first)s to %(last)s") % days, *_limits(campaign)])


def _limits(one: Mapping[str, Any]) -> list[str]:
    parts = []
    if one["cap"] is not None:
        parts.append(_("at most %(cap)s points each time") % {"cap": count(one["cap"])})
    if one["budget"] is not None:
        parts.append(_("at most %(budget)s points in all") % {"budget": count(one["budget"])})
    return parts


def _sentence(parts: Sequence[str]) -> str:
    return pgettext("between parts of a sentence", ", ").join(parts) + _(".")


def _gain(rule: Mapping[str, Any]) -> str:
    n = rule["points"]
    told = {"points": count(n), "what": _listed(_goods(rule))}
    if rule["occasion"] != Occasion.PURCHASE:
        words = ngettext("%(occasion)s gives %(points)s point", "%(occasion)s gives %(points)s points", n)
        return words % {**told, "occasion": OCCASIONS[rule["occasion"]]}
    told |= {"amount": money_fen(rule["per_fen"]), "where": _listed(rule["channels"])}
    if told["what"] and told["where"]:
        words = ngettext(
            "Every %(amount)s of %(what)s bought at %(where)s gives %(points)s point",
            "Every %(amount)s of %(what)s bought at %(where)s gives %(points)s points",
            n,
        )
    elif told["what"]:
        words = ngettext(
            "Every %(amount)s of %(what)s gives %(points)s point",
            "Every %(amount)s of %(what)s gives %(points)s points",
            n,
        )
    elif told["where"]:
        words = ngettext(
            "Every %(amount)s bought at %(where)s gives %(points)s point",
            "Every %(amount)s bought at %(where)s gives %(points)s points",
            n,
        )
    else:
        words = ngettext("Every %(amount)s gives %(points)s point", "Every %(amount)s gives %(points)s points", n)
    return words % told


def _goods(rule: Mapping[str, Any]) -> list[str]:
    """Items and categories, these by the names that they had when the rule was written."""
    names = rule.get("category_names", {})
    return [*rule["items"], *(named(*names[one]) if one in names else one for one in rule["categories"])]


def _listed(names: Sequence[str]) -> str:
    return _(", ").join(names)


def _day(written: str) -> str:
    return day(date.fromisoformat(written))
