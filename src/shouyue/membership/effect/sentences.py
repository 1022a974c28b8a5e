"""What the effect's figures mean, what they do not prove, and how each was counted, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouyue.membership.effect.queries import EffectView
from shouyue.membership.effect.rules.comparison import Comparison, Group
from shouyue.membership.effect.rules.friends import RewardChange
from shouyue.membership.programme.public import named
from shouyue.web.format import count, day, interval

_TOO_FEW: Final = gettext_lazy("One side has fewer than 30 people: nothing can be told yet.")
_MATCHED: Final[Mapping[str, str | Promise]] = {
    "more": gettext_lazy(
        "Members do it more often than buyers like them. It does not prove that the programme is why: "
        "whoever joins may be the keener customer anyway."
    ),
    "fewer": gettext_lazy(
        "Members do it less often than buyers like them. It does not prove that the programme is why: "
        "whoever joins may be another kind of customer."
    ),
    "open": gettext_lazy(
        "No difference between members and buyers like them is shown. It does not prove that there is none: "
        "the interval says how large it may be."
    ),
    "too_few": _TOO_FEW,
}
_HELD: Final[Mapping[str, str | Promise]] = {
    "more": gettext_lazy(
        "Members with campaigns do it more often, and chance alone decided who gets none: campaigns are the likely "
        "cause. It proves nothing about points and tiers, which both sides have."
    ),
    "fewer": gettext_lazy(
        "Members with campaigns do it less often, and chance alone decided who gets none: look into the campaigns. "
        "It proves nothing about points and tiers, which both sides have."
    ),
    "open": gettext_lazy(
        "Campaigns are not shown to change it. It does not prove that they do nothing: the interval says how much "
        "they may do."
    ),
    "too_few": _TOO_FEW,
}

_REWARDED: Final[Mapping[str, str | Promise]] = {
    "more": gettext_lazy(
        "Since the change the same members bring friends more often. It does not prove that the points are why: "
        "season, assortment or news may have changed with them."
    ),
    "fewer": gettext_lazy(
        "Since the change the same members bring friends less often. It does not prove that the points are why: "
        "whoever has brought their friends has fewer left to bring."
    ),
    "open": gettext_lazy(
        "The change of the reward is not shown to change how many bring friends. It does not prove that points do "
        "nothing: the interval says how much they may do."
    ),
    "too_few": _TOO_FEW,
}


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One comparison: its question, what it means, and how each of its three numbers was counted."""

    question: str
    meaning: str
    found: Comparison
    ours: list[str]
    theirs: list[str]
    difference: str


def effect_rows(view: EffectView) -> list[EffectRow]:
    """Coming back beside buyers alike and beside the holdout, each campaign, and bringing friends."""
    rows = [_returning(view)]
    if view.held is not None:
        question = _("Bought within %(days)s days after %(split)s: members with campaigns beside those held out")
        told = {"days": view.days, "split": day(view.split)}
        rows.append(_held(question % told, view.held, _("bought in these days")))
    for one in view.campaigns:
        told = {"name": named(one.zh, one.en), "first": day(one.first), "last": day(one.last)}
        question = _("Bought during “%(name)s” (%(first)s to %(last)s): members beside those held out") % told
        rows.append(_held(question, one.comparison, _("bought in these days")))
    question = _("Brought a friend within a year: members beside those held out of campaigns")
    rows.append(_held(question, view.bringing, _("brought a friend who counts")))
    if view.rewarded is not None:
        rows.append(_rewarded(*view.rewarded))
    return rows


def _rewarded(change: RewardChange, found: Comparison) -> EffectRow:
    told = {"days": change.days, "on": day(change.on), "before": count(change.before), "after": count(change.after)}
    who = _("members who had joined %(days)s days before the change") % told
    same = _("Both are the same members, so the interval is rather too wide than too narrow.")
    asked = _(
        "Brought a friend within %(days)s days since the reward changed on %(on)s, beside the same members before"
    )
    return EffectRow(
        question=asked % told,
        meaning=str(_REWARDED[found.verdict]),
        found=found,
        ours=_counted(found.ours, who, _("brought a friend who counts since then, for %(after)s points") % told),
        theirs=_counted(found.theirs, who, _("brought a friend who counts before it, for %(before)s points") % told),
        difference=f"{_difference()} {same}",
    )


def _returning(view: EffectView) -> EffectRow:
    told = {"days": view.days, "split": day(view.split)}
    again = _("bought again in the %(days)s days after it") % told
    ours = _("members who had joined by %(split)s and bought in the %(days)s days before it") % told
    theirs = _("buyers who are no members, one for each member: as many visits, about as much spent, as new a customer")
    left_out = _("%(left)s members have nobody like them and are left out.") % {"left": count(view.returning.left_out)}
    return EffectRow(
        question=_("Bought again within %(days)s days after %(split)s: members beside buyers like them") % told,
        meaning=str(_MATCHED[view.returning.verdict]),
        found=view.returning,
        ours=[*_counted(view.returning.ours, ours, again), *([left_out] if view.returning.left_out else [])],
        theirs=_counted(view.returning.theirs, theirs, again),
        difference=_difference(),
    )


def _held(question: str, found: Comparison, did: str) -> EffectRow:
    return EffectRow(
        question=question,
        meaning=str(_HELD[found.verdict]),
        found=found,
        ours=_counted(found.ours, _("members who get campaigns"), did),
        theirs=_counted(found.theirs, _("members who get none, drawn once by chance, always the same ones"), did),
        difference=_difference(),
    )


def _counted(group: Group, who: str, did: str) -> list[str]:
    words = _("Of %(asked)s %(who)s, %(kept)s %(did)s.")
    said = [words % {"asked": count(group.asked), "who": who, "kept": count(group.kept), "did": did}]
    if group.interval is not None:
        said.append(_("Interval at 0.95 (Wilson): %(interval)s%%.") % {"interval": interval(group.interval)})
    return said


def _difference() -> str:
    return _(
        "The share with less the share without, in percentage points, as an interval at 0.95 (Newcombe). "
        "Where it holds zero, no difference is claimed."
    )
