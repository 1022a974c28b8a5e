"""What persons did, under all their numbers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from shouyue.customers.public import ids_of_person
from shouyue.membership.ledger.public import Balance
from shouyue.membership.tiers.models import TierPass
from shouyue.membership.tiers.queries.activities import activities_of
from shouyue.membership.tiers.rules.persons import strands_of
from shouyue.membership.tiers.rules.standing import Activity, Measure, PaidTier, Strand


@dataclass(frozen=True, slots=True)
class Past:
    """What decides a person's tier. ids: the numbers that are members, first the one that stands for the person."""

    ids: list[UUID]
    strands: list[Strand]
    paid: list[PaidTier]


def pasts_of(customers: Collection[UUID], *, measure: Measure, on: date) -> dict[UUID, Past]:
    """By number, of those who are members under any number. on: nobody joined later. Five statements at most."""
    numbers, joined = member_numbers(customers)
    days = activities_of(list(joined), measure)
    paid = passes_of(numbers.values())
    return {
        asked: Past(ids, strands_of([strand(joined[one], days.get(one, ()), on) for one in ids], measure), paid[ids[0]])
        for asked, ids in numbers.items()
    }


def strand(joined_on: date, days: Sequence[tuple[date, int]], on: date) -> Strand:
    """What was done under one number, from the day of joining or of the first purchase on."""
    return Strand(first_day(joined_on, days, on), [Activity(*one) for one in days])


def first_day(joined_on: date, days: Sequence[tuple[date, int]], on: date) -> date:
    return min([on, joined_on, *(day for day, _amount in days[:1])])


def member_numbers(customers: Collection[UUID]) -> tuple[dict[UUID, list[UUID]], dict[UUID, date]]:
    """By number: the numbers of its person that are members, and the day on which each of those joined."""
    persons = ids_of_person(customers)
    rows = Balance.objects.filter(customer_id__in={one for ids in persons.values() for one in ids})
    joined = {who: timezone.localdate(at) for who, at in rows.values_list("customer_id", "enrolled_at")}
    numbers = {asked: [one for one in ids if one in joined] for asked, ids in persons.items()}
    return {asked: ids for asked, ids in numbers.items() if ids}, joined


def passes_of(persons: Iterable[Sequence[UUID]]) -> dict[UUID, list[PaidTier]]:
    """By the first number of each person: tiers bought under any of their numbers, on the days on which they count."""
    first = {one: ids[0] for ids in persons for one in ids}
    found: dict[UUID, list[PaidTier]] = {who: [] for who in first.values()}
    for row in TierPass.objects.filter(customer_id__in=list(first)).order_by("first", "id"):
        if row.first <= row.good_until:
            found[first[row.customer_id]].append(PaidTier(row.tier, row.first, row.good_until))
    return found
