"""Say what customers are to each other, and who lives together."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from shouyue.customers.kinships.facts import HouseholdChanged, RelationChanged
from shouyue.customers.kinships.models import Household, HouseholdMember, Relation
from shouyue.customers.kinships.rules.relations import RANKED, RelationRefusedError, check, ordered
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
    if one == other:
        raise RelationRefusedError("self")
    kinds = _locked([one, other])
    check(kind, one=kinds[one], other=kinds[other])
    first, second = ordered(kind, one, other)
    if Relation.objects.filter(one=first, other=second, kind=kind, ended_at__isnull=True).exists():
        raise RelationRefusedError("there")
    if kind in RANKED:
        _refuse_cycle(kind, first, second)
    made = Relation.objects.create(one_id=first, other_id=second, kind=kind, made_at=at, made_by=by)
    _announce(made, stands=True, by=by, at=at)
    return made


@transaction.atomic
def end_relation(relation_id: UUID, *, by: str, at: datetime) -> Relation:
    """It counts no more, and stays on record. A second time changes nothing. Raises Relation.DoesNotExist."""
    relation = Relation.objects.select_for_update().get(pk=relation_id)
    if relation.ended_at is None:
        relation.ended_at, relation.ended_by = at, by
        relation.save(update_fields=["ended_at", "ended_by"])
        _announce(relation, stands=False, by=by, at=at)
    return relation


@transaction.atomic
def restore_relation(relation_id: UUID, *, by: str, at: datetime) -> bool:
    """It counts again; False where the same was said anew meanwhile. Raises RelationRefusedError for a cycle."""
    relation = Relation.objects.select_for_update().get(pk=relation_id)
    _locked([relation.one_id, relation.other_id])
    same = Relation.objects.filter(one=relation.one_id, other=relation.other_id, kind=relation.kind)
    if relation.ended_at is None or same.filter(ended_at__isnull=True).exists():
        return False
    if relation.kind in RANKED:
        _refuse_cycle(relation.kind, relation.one_id, relation.other_id)
    relation.ended_at, relation.ended_by = None, ""
    relation.save(update_fields=["ended_at", "ended_by"])
    _announce(relation, stands=True, by=by, at=at)
    return True


@transaction.atomic
def join_household(customer: UUID, *, of: UUID, by: str, at: datetime) -> HouseholdMember:
    """Let a customer live with another one, in whose household or in a new one with that one as the head.

    Who lives elsewhere leaves there. Raises RelationRefusedError, UnknownCustomersError.
    """
    if customer == of:
        raise RelationRefusedError("self")
    if "company" in (kinds := _locked([customer, of])).values():
        raise RelationRefusedError("person")
    if "anonymous" in kinds.values():
        raise RelationRefusedError("anonymous")
    host = _membership(of)
    if host is None:
        household = Household.objects.create(made_at=at, made_by=by)
        host = HouseholdMember.objects.create(
            household=household, customer_id=of, is_head=True, joined_at=at, joined_by=by
        )
    mine = _membership(customer)
    if mine and mine.household_id == host.household_id:
        raise RelationRefusedError("there")
    if mine:
        leave_household(mine.pk, by=by, at=at)
    made = HouseholdMember.objects.create(
        household_id=host.household_id, customer_id=customer, joined_at=at, joined_by=by
    )
    _announce_household(made, "joined", by=by, at=at)
    return made


@transaction.atomic
def leave_household(membership_id: UUID, *, by: str, at: datetime) -> HouseholdMember:
    """The customer lives there no more; of a head who leaves the longest member becomes it. Twice changes nothing."""
    member = HouseholdMember.objects.select_for_update().get(pk=membership_id)
    if member.left_at is None:
        member.left_at = at
        member.save(update_fields=["left_at"])
        _announce_household(member, "left", by=by, at=at)
        if member.is_head and (next_one := _members(member.household_id).first()):
            next_one.is_head = True
            next_one.save(update_fields=["is_head"])
    return member


@transaction.atomic
def return_to_household(membership_id: UUID, *, by: str, at: datetime) -> bool:
    """Take a leaving back; False where the customer lives elsewhere by now."""
    member = HouseholdMember.objects.select_for_update().get(pk=membership_id)
    _locked([member.customer_id])
    if member.left_at is None or _membership(member.customer_id):
        return False
    member.left_at = None
    if member.is_head:
        _members(member.household_id).update(is_head=False)
    member.save(update_fields=["left_at"])
    _announce_household(member, "joined", by=by, at=at)
    return True


@transaction.atomic
def make_head(membership_id: UUID, *, by: str, at: datetime) -> None:
    """Let a member be the head of the household. Raises HouseholdMember.DoesNotExist where they left."""
    member = HouseholdMember.objects.select_for_update().get(pk=membership_id, left_at__isnull=True)
    if not member.is_head:
        _members(member.household_id).update(is_head=False)
        member.is_head = True
        member.save(update_fields=["is_head"])
        _announce_household(member, "head", by=by, at=at)


def _locked(ids: list[UUID]) -> dict[UUID, str]:
    """The kinds of these customers, locked in the order of ids."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [ids])
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


def _membership(customer: UUID) -> HouseholdMember | None:
    return HouseholdMember.objects.select_for_update().filter(customer=customer, left_at__isnull=True).first()


def _members(household: UUID) -> QuerySet[HouseholdMember]:
    return HouseholdMember.objects.filter(household=household, left_at__isnull=True).order_by("joined_at", "id")


def _announce(relation: Relation, *, stands: bool, by: str, at: datetime) -> None:
    fact = RelationChanged(subject=relation.one_id, relation_id=relation.pk, relation=relation.kind, stands=stands)
    facts.announce(fact, at=at, by=by)


def _announce_household(member: HouseholdMember, change: str, *, by: str, at: datetime) -> None:
    fact = HouseholdChanged(subject=member.customer_id, household_id=member.household_id, change=change)
    facts.announce(fact, at=at, by=by)
