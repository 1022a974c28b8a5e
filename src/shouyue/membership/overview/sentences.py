"""A member's history as sentences, in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shouyue.membership.overview.queries import Entry
from shouyue.membership.passes.public import member_passes
from shouyue.membership.programme.public import OCCASIONS, campaigns_of, draft, named, rule_name
from shouyue.membership.tiers.public import MemberView, TierPass, amount_words
from shouyue.membership.tills.public import reason


def entry_title(entry: Entry) -> str:
    """What a line of the history is about."""
    if entry.redemption is not None:
        reward = entry.redemption.reward
        return _("Redeemed: %(reward)s") % {"reward": named(reward.name_zh, reward.name_en)}
    if entry.award is not None:
        return str(OCCASIONS.get(entry.award.occasion, entry.award.occasion))
    reason = entry.transfer.get_reason_display()
    return reason[:1].upper() + reason[1:]


def key_names(content: Mapping[str, Any] | None = None) -> dict[str, str]:
    """What tiers and campaigns are called, by the keys that reasons name. content: of a version; else the newest."""
    told = content or draft().content
    called = [
        *((one["name"], one) for one in told["tiers"]["steps"]),
        *((one["key"], one) for one in campaigns_of(told)),
    ]
    rules = {one["key"]: rule_name(one) for one in told["earn"]["rules"] if one["per_fen"]}
    return rules | {key: named(one["zh"], one["en"]) for key, one in called}


def reasons(entry: Entry, names: Mapping[str, str]) -> list[str]:
    """Why these points: a sentence for each part, where there is more to say than the title."""
    parts = entry.award.parts if entry.award else []
    if len(parts) == 1 and parts[0][0] == "fixed":
        return []
    return [reason([source, names.get(key, key), *rest]) for source, key, *rest in parts]


def passes_told(ids: Sequence[UUID], names: Mapping[str, str], *, on: date) -> list[tuple[str, TierPass, str, str]]:
    """Tiers that a person bought under any number: (name, pass, its state, the tone of its mark)."""
    found = []
    for one in member_passes(ids):
        if one.good_until < on:
            state, tone = (_("ended") if one.ended_on else _("over")), "quiet"
        else:
            state, tone = (_("coming"), "slate") if one.first > on else (_("runs"), "jade")
        found.append((names.get(one.tier, one.tier), one, state, tone))
    return found


def view_words(view: MemberView) -> dict[str, Any]:
    """Names and figures of a member's standing in the reader's language."""
    tier, above = view.tier, view.next_tier
    return {
        "tier_name": named(tier.zh, tier.en) if tier else "",
        "next_name": named(above.zh, above.en) if above else "",
        "missing": amount_words(view.progress.missing, view.measure),
        "counted": int(view.progress.amount),
        "next": int(view.progress.next_minimum),
        "keep": amount_words(view.progress.keep_missing, view.measure),
    }
