"""Say what customers are to each other, and who lives together."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from shouyue.customers.duplicates.public import ids_of_person
from shouyue.customers.kinships.facts import HouseholdChanged, RelationChanged
from shouyue.customers.kinships.models import Household, HouseholdMember, Relation
from shouyue.customers.kinships.rules.relations import MUTUAL, RANKED, RelationRefusedError, check, ordered
from shouyue.customers.people.public import UnknownCustomersError
from shouyue.store import facts

_LOCK = "SELECT id, kind FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_ABOVE = """
WITH RECURSIVE above AS (
    SELECT one_id AS id FROM customers_relation WHERE other_id = %(who)s AND kind = %(kind)s AND ended_at IS NULL
    UNION
    SELECT relation.one_id FROM above JOIN customers_relation AS relation ON relation.other_id = above.id
    WHERE relation.kind = %(kind)s AND relation.ended_at IS NULL
)
SELECT EXISTS (SELECT FROM above WHERE id = %(found)s)
"""


@transaction.atomic
def relate(one: UUID, kind: str, other: UUID, *, by: str, at: datetime) -> Relation:
    """Say that `one` is spouse, parent … of `other`. Raises RelationRefusedError, UnknownCustomersError."""
    kinds = _locked([one, other])
    if other in _person(one):
        raise RelationRefusedError("self")
    check(kind, one=kinds[one], other=kinds[other])
    first, second = ordered(kind, one, other)
    if _between(first, kind, second).filter(ended_at__isnull=True).exists():
        raise RelationRefusedError("there")
    if kind in RANKED:
        _refuse_cycle(kind, first, second)
    made = Relation.objects.create(one_id=first, other_id=second, kind=kind, made_at=at, made_by=by)
    _announce(made, stands=True, by=by, at=at)
    return made


@transaction.atomic
def end_relation(relation_id: UUID, *, by: str, at: datetime) -> None:
    """It counts no more, under whichever records of the two persons it was said, and stays on record.

    A second time changes nothing. Raises Relation.DoesNotExist.
    """
    asked = Relation.objects.get(pk=relation_id)
    same = _between(asked.one_id, asked.kind, asked.other_id)
    for relation in same.filter(ended_at__isnull=True).order_by("id").select_for_update():
        relation.ended_at, relation.ended_by = at, by
        relation.save(update_fields=["ended_at", "ended_by"])
        _announce(relation, stands=False, by=by, at=at)


@transaction.atomic
def restore_relation(relation_id: UUID, *, by: str, at: datetime) -> bool:
    """It counts again, with what ended with it; False where the same was said anew meanwhile.

    Raises RelationRefusedError for a cycle.
    """
    asked = Relation.objects.get(pk=relation_id)
    _locked([asked.one_id, asked.other_id])
    same = _between(asked.one_id, asked.kind, asked.other_id)
    asked.refresh_from_db()
    if asked.ended_at is None or same.filter(ended_at__isnull=True).exists():
        return False
    if asked.kind in RANKED:
        _refuse_cycle(asked.kind, asked.one_id, asked.other_id)
    for relation in same.filter(ended_at=asked.ended_at, ended_by=asked.ended_by).order_by("id").select_for_update():
        relation.ended_at, relation.ended_by = None, ""
        relation.save(update_fields=["ended_at", "ended_by"])
        _announce(relation, stands=True, by=by, at=at)
    return True


@transaction.atomic
def join_household(customer: UUID, *, of: UUID, by: str, at: datetime) -> HouseholdMember:
    """Let a customer live with another one, in whose household or in a new one with that one as the head.

    Who lives elsewhere leaves there. Raises RelationRefusedError, UnknownCustomersError.
    """
    kinds, persons = _locked([customer, of]), ids_of_person([customer, of])
    if of in persons[customer]:
        raise RelationRefusedError("self")
    if "company" in kinds.values():
        raise RelationRefusedError("person")
    if "anonymous" in kinds.values():
        raise RelationRefusedError("anonymous")
    _lock_homes([*persons[customer], *persons[of]])
    host = _living(persons[of]).first()
    if host is None:
        household = Household.objects.create(made_at=at, made_by=by)
        host = HouseholdMember.objects.create(
            household=household, customer_id=of, is_head=True, joined_at=at, joined_by=by
        )
    homes = set(_living(persons[customer]).values_list("household_id", flat=True))
    if host.household_id in homes:
        raise RelationRefusedError("there")
    for home in homes:
        _leave(home, persons[customer], by=by, at=at)
    made = HouseholdMember.objects.create(
        household_id=host.household_id, customer_id=customer, joined_at=at, joined_by=by
    )
    _announce_household(made, "joined", by=by, at=at)
    return made


@transaction.atomic
def undo_joining(membership_id: UUID, *, by: str, at: datetime) -> bool:
    """The customer lives again where they lived before they joined; False where they left since.

    Raises HouseholdMember.DoesNotExist.
    """
    joined = _home_locked(membership_id)
    if joined.left_at is not None:
        return False
    ids = _person(joined.customer_id)
    _leave(joined.household_id, ids, by=by, at=at)
    before = HouseholdMember.objects.filter(customer__in=ids, left_at=joined.joined_at).order_by("id").first()
    if before:
        return_to_household(before.pk, by=by, at=at)
    return True


@transaction.atomic
def leave_household(membership_id: UUID, *, by: str, at: datetime) -> None:
    """The person lives there no more, with all their records; of a head who leaves the longest member becomes it.

    A second time changes nothing. Raises HouseholdMember.DoesNotExist.
    """
    asked = _home_locked(membership_id)
    _leave(asked.household_id, _person(asked.customer_id), by=by, at=at)


@transaction.atomic
def return_to_household(membership_id: UUID, *, by: str, at: datetime) -> bool:
    """Take a leaving back, of all records that left with this one; False where the person lives somewhere by now.

    Raises HouseholdMember.DoesNotExist.
    """
    asked = HouseholdMember.objects.get(pk=membership_id)
    ids = _person(asked.customer_id)
    _locked(ids)
    _lock_homes(ids, asked.household_id)
    asked.refresh_from_db()
    if asked.left_at is None or _living(ids).exists():
        return False
    left = HouseholdMember.objects.filter(household=asked.household_id, customer__in=ids, left_at=asked.left_at)
    for one in left.order_by("joined_at", "id"):
        if one.is_head:
            _members(one.household_id).update(is_head=False)
        one.left_at = None
        one.save(update_fields=["left_at"])
        _announce_household(one, "joined", by=by, at=at)
    return True


@transaction.atomic
def make_head(membership_id: UUID, *, by: str, at: datetime) -> None:
    """Let a member be the head of the household. Raises HouseholdMember.DoesNotExist where they left."""
    member = _home_locked(membership_id)
    if member.left_at is not None:
        raise HouseholdMember.DoesNotExist
    if not member.is_head:
        _members(member.household_id).update(is_head=False)
        member.is_head = True
        member.save(update_fields=["is_head"])
        _announce_household(member, "head", by=by, at=at)


def _locked(ids: Sequence[UUID]) -> dict[UUID, str]:
    """The kinds of these customers, locked in the order of ids."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(ids)])
        found: dict[UUID, str] = dict(cursor.fetchall())
    if len(found) < len(set(ids)):
        raise UnknownCustomersError(set(ids) - set(found))
    return found


def _refuse_cycle(kind: str, one: UUID, other: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"who": one, "kind": kind, "found": other})
        row = cursor.fetchone()
    if row and row[0]:
        raise RelationRefusedError("cycle")


def _person(customer: UUID) -> list[UUID]:
    return ids_of_person([customer])[customer]


def _between(one: UUID, kind: str, other: UUID) -> QuerySet[Relation]:
    """All that was ever said so of two persons, under any of their records."""
    persons = ids_of_person([one, other])
    said = Q(one__in=persons[one], other__in=persons[other])
    if kind in MUTUAL:
        said |= Q(one__in=persons[other], other__in=persons[one])
    return Relation.objects.filter(said, kind=kind)


def _lock_homes(customers: Sequence[UUID], *others: UUID) -> None:
    """The households where these live, and others: whoever changes who lives there waits. In the order of ids."""
    homes = HouseholdMember.objects.filter(customer__in=customers, left_at__isnull=True).values("household")
    found = Household.objects.filter(Q(pk__in=homes) | Q(pk__in=others))
    list(found.order_by("pk").select_for_update())


def _home_locked(membership_id: UUID) -> HouseholdMember:
    """This membership as it stands once nobody else changes the household."""
    asked = HouseholdMember.objects.get(pk=membership_id)
    Household.objects.select_for_update().get(pk=asked.household_id)
    asked.refresh_from_db()
    return asked


def _living(customers: Sequence[UUID]) -> QuerySet[HouseholdMember]:
    """Where these live, where they live longest first."""
    living = HouseholdMember.objects.filter(customer__in=customers, left_at__isnull=True)
    return living.order_by("joined_at", "id")


def _leave(household: UUID, customers: Sequence[UUID], *, by: str, at: datetime) -> None:
    for member in _living(customers).filter(household=household):
        member.left_at = at
        member.save(update_fields=["left_at"])
        _announce_household(member, "left", by=by, at=at)
    if not _members(household).filter(is_head=True).exists() and (next_one := _members(household).first()):
        next_one.is_head = True
        next_one.save(update_fields=["is_head"])


def _members(household: UUID) -> QuerySet[HouseholdMember]:
    return HouseholdMember.objects.filter(household=household, left_at__isnull=True).order_by("joined_at", "id")


def _announce(relation: Relation, *, stands: bool, by: str, at: datetime) -> None:
    fact = RelationChanged(subject=relation.one_id, relation_id=relation.pk, relation=relation.kind, stands=stands)
    facts.announce(fact, at=at, by=by)


def _announce_household(member: HouseholdMember, change: str, *, by: str, at: datetime) -> None:
    fact = HouseholdChanged(subject=member.customer_id, household_id=member.household_id, change=change)
    facts.announce(fact, at=at, by=by)
