"""Questions about households and relations."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from shouyue.customers.kinships.models import HouseholdMember, Relation
from shouyue.customers.kinships.rules.relations import NODES_MAX, STEPS_MAX, Drawing, drawing
from shouyue.customers.people.public import Customer, masked_persons

READ_MAX: Final = 500  # of one person; for lists there is no such bound


@dataclass(frozen=True, slots=True)
class Named:
    """A customer with the name that a page shows: masked, or the number at the source."""

    customer: Customer
    name: str


@dataclass(frozen=True, slots=True)
class Tie:
    """One relation as a page tells it: `one` is … `other`."""

    relation: Relation
    one: Named
    other: Named


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a household."""

    membership: HouseholdMember
    who: Named


def named(customers: Iterable[UUID]) -> dict[UUID, Named]:
    """These customers with their names; three statements."""
    ids = list(set(customers))
    persons = masked_persons(ids, ["name"])
    rows = Customer.objects.filter(pk__in=ids)
    return {row.pk: Named(row, str(getattr(persons.get(row.pk), "name", "") or row.source_key)) for row in rows}


def ties_of(customers: Sequence[UUID], *, most: int | None = READ_MAX) -> list[Relation]:
    """The relations of these customers that stand, the latest first."""
    found = Relation.objects.filter(Q(one__in=customers) | Q(other__in=customers), ended_at__isnull=True)
    return list(found.order_by("-made_at", "-id")[:most])


def households_of(customers: Sequence[UUID], *, most: int | None = READ_MAX) -> list[HouseholdMember]:
    """Everybody in the households of these customers, the head first."""
    mine = HouseholdMember.objects.filter(customer__in=customers, left_at__isnull=True).values("household")
    found = HouseholdMember.objects.filter(household__in=mine, left_at__isnull=True)
    return list(found.order_by("household_id", "-is_head", "joined_at", "id")[:most])


@dataclass(frozen=True, slots=True)
class Kinships:
    """What is known of one customer. members: of the household, none where there is none."""

    ties: list[Tie]
    members: list[Member]


def kinships_of(customers: Sequence[UUID], *, most: int | None = READ_MAX) -> dict[UUID, Kinships]:
    """Relations and household of each of these customers; a fixed number of statements."""
    relations, members = ties_of(customers, most=most), households_of(customers, most=most)
    ids = [who for one in relations for who in (one.one_id, one.other_id)] + [one.customer_id for one in members]
    names = named(ids)
    # Who was left alone is no household.
    sizes = Counter(one.household_id for one in members)
    household_of = {one.customer_id: one.household_id for one in members if sizes[one.household_id] > 1}
    return {
        who: Kinships(
            [_tie(one, names) for one in relations if who in {one.one_id, one.other_id}],
            [Member(one, names[one.customer_id]) for one in members if one.household_id == household_of.get(who)],
        )
        for who in customers
    }


def kinships_of_persons(persons: Mapping[UUID, Sequence[UUID]]) -> dict[UUID, Kinships]:
    """Relations and household of each person, by one of their ids with all of them; a fixed number of statements.

    Each relation and each member stands once; what ties the person's own records is left out.
    """
    found = kinships_of(list({one for ids in persons.values() for one in ids}), most=None)
    return {who: _as_one_person([found[one] for one in ids], set(ids)) for who, ids in persons.items()}


def _as_one_person(found: Sequence[Kinships], same: set[UUID]) -> Kinships:
    ties = {tie.relation.pk: tie for one in found for tie in one.ties}
    members = {member.membership.pk: member for one in found for member in one.members}
    others = {pk for pk, one in members.items() if one.membership.customer_id not in same}
    mine = next((pk for pk in members if pk not in others), None)
    return Kinships(
        [tie for tie in ties.values() if not {tie.relation.one_id, tie.relation.other_id} <= same],
        [one for pk, one in members.items() if pk == mine or pk in others] if others else [],
    )


@dataclass(frozen=True, slots=True)
class Network:
    """Everybody within two steps of a customer, with their places in a drawing."""

    drawing: Drawing
    names: Mapping[UUID, Named]
    ties: list[Tie]
    households: list[tuple[UUID, UUID]]


def network(customers: Sequence[UUID]) -> Network:
    """Who hangs together with the first of these, all ids of one person, over relations and households.

    Four statements for each step. Ids of the same person stand in the middle as one.
    """
    centre, same = customers[0], set(customers)
    seen = set(customers)
    edge_of: dict[UUID, tuple[UUID, UUID]] = {}
    ties: dict[UUID, Relation] = {}
    for _step in range(STEPS_MAX):
        ties |= {one.pk: one for one in ties_of(sorted(seen))}
        members = households_of(sorted(seen))
        heads = {one.household_id: one.customer_id for one in reversed(members)}
        edge_of |= {one.pk: (one.customer_id, heads[one.household_id]) for one in members}
        seen |= {who for one in ties.values() for who in (one.one_id, one.other_id)}
        seen |= {who for pair in edge_of.values() for who in pair}
        if len(seen) >= NODES_MAX:
            break
    homes = sorted({_as_one(pair, same, centre) for pair in edge_of.values()} - {(who, who) for who in seen})
    edges = [_as_one((one.one_id, one.other_id), same, centre) for one in ties.values()] + homes
    drawn = drawing(centre, edges)
    names = named([*drawn.points, *same])
    # A merged record shows under its own name in the table; in the drawing it is the one in the middle.
    told = [
        _tie(one, names)
        for one in ties.values()
        if {one.one_id, one.other_id} <= set(names) and {one.one_id, one.other_id} <= {*drawn.points, *same}
    ]
    return Network(drawn, names, told, [pair for pair in homes if set(pair) <= set(drawn.points)])


def _tie(one: Relation, names: Mapping[UUID, Named]) -> Tie:
    return Tie(one, names[one.one_id], names[one.other_id])


def _as_one(pair: tuple[UUID, UUID], same: set[UUID], centre: UUID) -> tuple[UUID, UUID]:
    first, second = (centre if who in same else who for who in pair)
    return first, second
