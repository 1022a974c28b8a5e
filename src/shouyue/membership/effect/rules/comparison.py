"""Does the programme work? Shares of members who come back, beside people like them who are no members."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from shouyue.kernel.shares import Interval, difference_interval, share_interval

ASKED_MIN = 30


@dataclass(frozen=True, slots=True)
class Person:
    """One customer. alike: what they are matched by (quarter of first purchase, band of its amount …)."""

    alike: Hashable
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Group:
    kept: int
    asked: int

    @property
    def share(self) -> float | None:
        return self.kept / self.asked if self.asked else None

    @property
    def interval(self) -> Interval | None:
        return share_interval(self.kept, self.asked) if self.asked else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """ours: with the programme; theirs: without. difference: ours less theirs, None where too few to tell.

    left_out: of ours, nobody without the programme is like them.
    """

    ours: Group
    theirs: Group
    left_out: int = 0

    @property
    def difference(self) -> Interval | None:
        if min(self.ours.asked, self.theirs.asked) < ASKED_MIN:
            return None
        return difference_interval(
            kept_before=self.theirs.kept,
            asked_before=self.theirs.asked,
            kept_after=self.ours.kept,
            asked_after=self.ours.asked,
        )

    @property
    def verdict(self) -> str:
        """more, fewer, open (the interval holds zero) or too_few."""
        found = self.difference
        if found is None:
            return "too_few"
        if found.low > 0:
            return "more"
        return "fewer" if found.high < 0 else "open"


def matched(members: Iterable[Person], others: Sequence[Person]) -> Comparison:
    """Each member beside one person who is alike, as long as there is one; each of the others serves once.

    others: in an order that has nothing to do with whether they came back, e.g. of their ids.
    """
    waiting: dict[Hashable, list[Person]] = {}
    for other in reversed(others):
        waiting.setdefault(other.alike, []).append(other)
    ours, theirs, left_out = [], [], 0
    for member in members:
        if waiting.get(member.alike):
            ours.append(member)
            theirs.append(waiting[member.alike].pop())
        else:
            left_out += 1
    return Comparison(group_of(ours), group_of(theirs), left_out)


def group_of(people: Sequence[Person]) -> Group:
    return Group(sum(person.is_kept for person in people), len(people))
