"""Who comes back: members beside people like them, and members with campaigns beside those held out of all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shouyue.membership.effect.rules.comparison import Comparison, Group, Person, group_of, matched
from shouyue.membership.programme.rules.holdout import CAMPAIGNS, is_held_out

DAYS = 90
_VISITS_MAX = 4


@dataclass(frozen=True, slots=True)
class Customer:
    """joined_on: as a member; None is none. bought: (day, amount in fen) of each day, the earliest first."""

    who: UUID
    joined_on: date | None
    bought: Sequence[tuple[date, int]]


def returning(customers: Sequence[Customer], *, split: date, days: int = DAYS) -> Comparison:
    """Of those who bought in the days up to `split`: who bought again in as many days after it.

    Members: joined by `split`. The others: had not joined by the end; who joined in between is neither. Each member
    stands beside one of the others who bought as often and about as much, and was as new or as old a customer.
    """
    start, end = split - timedelta(days=days), split + timedelta(days=days)
    members, others = [], []
    for one in sorted(customers, key=lambda one: one.who):
        base = [amount for day, amount in one.bought if start < day <= split and amount > 0]
        if not base:
            continue
        person = Person(_alike(one, base, start), has_bought(one, split + timedelta(days=1), end))
        if one.joined_on is not None and one.joined_on <= split:
            members.append(person)
        elif one.joined_on is None or one.joined_on > end:
            others.append(person)
    return matched(members, others)


def held_out(customers: Sequence[Customer], *, first: date, last: date, share: float) -> Comparison:
    """Members on the first day of campaigns: who bought until the last one, with campaigns and without any.

    Chance decided who is held out, so the two groups are alike as they stand.
    """
    treated: list[Person] = []
    held: list[Person] = []
    for one in customers:
        if one.joined_on is not None and one.joined_on < first:
            side = held if is_held_out(CAMPAIGNS, one.who, share) else treated
            side.append(Person(None, has_bought(one, first, last)))
    return Comparison(group_of(treated), group_of(held))


def bringing(members: Sequence[UUID], friends: Mapping[UUID, int], *, share: float) -> Comparison:
    """Members who brought a friend, with campaigns and without. friends: how many each brought."""
    treated: list[Person] = []
    held: list[Person] = []
    for who in members:
        side = held if is_held_out(CAMPAIGNS, who, share) else treated
        side.append(Person(None, friends.get(who, 0) > 0))
    return Comparison(group_of(treated), group_of(held))


def brought(new_members: int, by_friends: int) -> Group:
    """The referral rate: of those who joined, who came by a friend."""
    return Group(by_friends, new_members)


def has_bought(one: Customer, first: date, last: date) -> bool:
    return any(first <= day <= last and amount > 0 for day, amount in one.bought)


def _alike(one: Customer, base: Sequence[int], start: date) -> tuple[int, int, bool]:
    """Visits (up to 4), the size of the spend by powers of two, and whether they had bought before."""
    return min(len(base), _VISITS_MAX), (sum(base) // 10_000).bit_length(), has_bought(one, date.min, start)
