"""Answers weighted to the frame and to its margins; what attributes and categories are called."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouyue.surveys.estimates.public import FIVE_PERCENT, Estimate
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.rules.pseudonyms import pseudonym
from shouyue.surveys.waves.rules.reading import Margined, StratumCount, weighted_share
from shouyue.surveys.weights.public import cells_of, margins_from
from shouyue.web.sources import source_name

# What margins may be known by, in the reader's words; categories that are codes have words too.
ATTRIBUTES = {"kind": _("Kind of customer"), "region": _("Region"), "source": _("Source")}
_CATEGORIES = {"person": _("person"), "company": _("company"), "unknown": _("person or company")}


def category_name(attribute: str, category: str) -> str:
    """A category in the reader's words."""
    if attribute == "source":
        return source_name(category)
    return str(_CATEGORIES.get(category, category) if category else _("not known"))


def weighted_estimate(plan: WavePlan, said: Mapping[UUID, bool], *, risk: Fraction = FIVE_PERCENT) -> Estimate | None:
    """The weighted share of what these customers said; None where answers are not weighted, or nobody said anything.

    risk: outside the interval on each side.
    Margins are raked to anew, for not everybody answers every question; where they are out of reach the weights are
    those of the draw.
    """
    if not (plan.is_weighted and said):
        return None
    if plan.margins:
        return margined(plan, said).raked(risk).estimate
    return weighted_share(by_stratum(plan, said), risk)


def by_stratum(plan: WavePlan, said: Mapping[UUID, bool]) -> dict[str, StratumCount]:
    asked: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for customer, is_kept in said.items():
        stratum = plan.frame[pseudonym(plan.salt, customer)]
        asked[stratum] += 1
        kept[stratum] += is_kept
    sizes = Counter(plan.frame.values())
    return {name: StratumCount(sizes[name], asked[name], kept[name]) for name in sorted(sizes)}


def margined(plan: WavePlan, said: Mapping[UUID, bool]) -> Margined:
    """The answers of these customers in the cells of the frozen margins. ValueError where there are none."""
    margins = margins_from(plan.margins)
    if margins is None:
        raise ValueError("this wave has no margins")
    names = ((pseudonym(plan.salt, customer), is_kept) for customer, is_kept in said.items())
    cells = cells_of([(plan.frame[name], tuple(plan.traits[name]), is_kept) for name, is_kept in names])
    return Margined(cells, tuple(sorted(Counter(plan.frame.values()).items())), margins)
