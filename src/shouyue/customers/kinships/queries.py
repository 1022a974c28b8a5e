"""Questions about households and relations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from shouyue.customers.duplicates.public import ids_of_person
from shouyue.customers.kinships.models import HouseholdMember, Relation
from shouyue.customers.kinships.rules.relations import NODES_MAX, STEPS_MAX, Drawing, drawing, ordered
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
    """What is known of one person. members: of the household, the head first; none where there is none."""

    ties: list[Tie]
    members: list[Member]


def kinships_of_persons(persons: Mapping[UUID, Sequence[UUID]]) -> dict[UUID, Kinships]:
    """Relations and household of each person, by one of their ids with all of them; a fixed number of statements.

    Each relation and each person stands once, whichever of their records it ties, under the name of the record that
    stands for all; what ties the person's own records is left out.
    """
    ids = list({one for same in persons.values() for one in same})
    relations, members = ties_of(ids, most=None), households_of(ids, most=None)
    roots = _roots([*_ends(relations), *(one.customer_id for one in members)])
    names, of, living = named(roots.values()), defaultdict[UUID, list[Relation]](list), _by_household(members)
    home_of = {one.customer_id: one.household_id for one in members}
    for tie in relations:
        for end in (tie.one_id, tie.other_id):
            of[end].append(tie)
    found = {}
    for who, same in persons.items():
        homes = dict.fromkeys(home_of[one] for one in same if one in home_of)
        people = _persons([one for home in homes for one in living[home]], roots)
        ties = _each_once([tie for one in same for tie in of[one]], roots)
        found[who] = Kinships(
            [_tie(one, names, roots) for one in ties],
            [Member(one, names[root]) for root, one in people.items()] if len(people) > 1 else [],
        )
    return found


def _ends(relations: Iterable[Relation]) -> set[UUID]:
    return {who for one in relations for who in (one.one_id, one.other_id)}


def _roots(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Who stands for each of these, and for all other records of the same persons. One statement."""
    return {one: same[0] for same in ids_of_person(ids).values() for one in same}


def _by_household(members: Iterable[HouseholdMember]) -> dict[UUID, list[HouseholdMember]]:
    living: dict[UUID, list[HouseholdMember]] = defaultdict(list)
    for one in members:
        living[one.household_id].append(one)
    return living


def _persons(members: Iterable[HouseholdMember], roots: Mapping[UUID, UUID]) -> dict[UUID, HouseholdMember]:
    """One membership of each person: as head, if one of their records is."""
    people: dict[UUID, HouseholdMember] = {}
    for one in members:
        known = people.setdefault(roots[one.customer_id], one)
        if one.is_head and not known.is_head:
            people[roots[one.customer_id]] = one
    return people


def _each_once(relations: Iterable[Relation], roots: Mapping[UUID, UUID]) -> list[Relation]:
    """What two persons are to each other once, whichever of their records say it."""
    ties: dict[tuple[str, UUID, UUID], Relation] = {}
    for tie in relations:
        one, other = roots[tie.one_id], roots[tie.other_id]
        if one != other:
            ties.setdefault((tie.kind, *ordered(tie.kind, one, other)), tie)
    return list(ties.values())


@dataclass(frozen=True, slots=True)
class Network:
    """Everybody within two steps of a customer, with their places in a drawing."""

    drawing: Drawing
    names: Mapping[UUID, Named]
    ties: list[Tie]
    households: list[tuple[UUID, UUID]]


def network(customers: Sequence[UUID]) -> Network:
    """Who hangs together with the first of these, all ids of one person, over relations and households.

    Five statements for each step. Each person stands once, as the record that stands for all of theirs.
    """
    roots = dict.fromkeys(customers, customers[0])
    edge_of: dict[UUID, tuple[UUID, UUID]] = {}
    ties: dict[UUID, Relation] = {}
    for _step in range(STEPS_MAX):
        seen = sorted(roots)
        ties |= {one.pk: one for one in ties_of(seen)}
        members = households_of(seen)
        heads = {one.household_id: one.customer_id for one in reversed(members)}
        edge_of |= {one.pk: (one.customer_id, heads[one.household_id]) for one in members}
        roots |= _roots({*_ends(ties.values()), *(who for pair in edge_of.values() for who in pair)})
        if len(set(roots.values())) >= NODES_MAX:
            break
    homes = sorted({(roots[one], roots[head]) for one, head in edge_of.values() if roots[one] != roots[head]})
    told = _each_once(ties.values(), roots)
    drawn = drawing(customers[0], [*((roots[one.one_id], roots[one.other_id]) for one in told), *homes])
    names = named(drawn.points)
    return Network(
        drawn,
        names,
        [_tie(one, names, roots) for one in told if {roots[one.one_id], roots[one.other_id]} <= set(names)],
        [pair for pair in homes if set(pair) <= set(drawn.points)],
    )


def _tie(one: Relation, names: Mapping[UUID, Named], roots: Mapping[UUID, UUID]) -> Tie:
    return Tie(one, names[roots[one.one_id]], names[roots[one.other_id]])
