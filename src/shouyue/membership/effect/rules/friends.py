"""Does the reward bring friends? The same members before and after it changed.

Buyers who are no members have no link and can bring nobody, so nobody like them can stand beside members. A change of
the reward is the one moment at which points differ and the people do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from shouyue.membership.effect.rules.comparison import Comparison, Group

DAYS_MIN: Final = 30
_DAYS_MOST: Final = 90
_REWARD: Final = ("event", "rewarded", "points")


@dataclass(frozen=True, slots=True)
class RewardChange:
    """From a day on bringing friends was rewarded otherwise. days: before it and from it on, that are compared."""

    on: date
    days: int
    before: int
    after: int


def last_change(versions: Sequence[tuple[date, Mapping[str, Any]]], *, until: date) -> RewardChange | None:
    """The latest change with at least DAYS_MIN days on both sides: of the version before it, and of records since.

    versions: (first day, referral content), the earliest first. Before the first of all nobody could be brought, so its
    beginning is no change.
    """
    for (first, before), (on, after) in reversed(list(pairwise(versions))):
        days = min(_DAYS_MOST, (on - first).days, (until - on).days + 1)
        if days >= DAYS_MIN and any(before[one] != after[one] for one in _REWARD):
            return RewardChange(on, days, before["points"], after["points"])
    return None


def before_and_after(
    joined: Mapping[UUID, date], brought: Sequence[tuple[UUID, date]], change: RewardChange
) -> Comparison:
    """Of members who had joined when the days before the change began: who brought a friend from it on, and before.

    brought: (member, day) of each friend who counts.
    """
    first, last = change.on - timedelta(days=change.days), change.on + timedelta(days=change.days - 1)
    asked = {who for who, day in joined.items() if day <= first}
    after = {who for who, day in brought if who in asked and change.on <= day <= last}
    before = {who for who, day in brought if who in asked and first <= day < change.on}
    return Comparison(Group(len(after), len(asked)), Group(len(before), len(asked)))
