"""Tiers and benefits as sentences, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shouyue.membership.tiers.rules.standing import Measure
from shouyue.membership.tiers.rules.tiers import Exact
from shouyue.web.format import count, money_fen

PERIODS: Final[Mapping[str, str | Promise]] = {
    "month": gettext_lazy("a month"),
    "quarter": gettext_lazy("a quarter"),
    "year": gettext_lazy("a year"),
    "always": gettext_lazy("in all"),
}


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
