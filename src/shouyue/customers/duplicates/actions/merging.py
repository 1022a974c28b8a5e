"""Merge two records of one person, take a merge back, and say that two records are two people."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from shouyue.customers.duplicates.facts import CustomersMerged, CustomersUnmerged
from shouyue.customers.duplicates.models import Match, MatchState, Merging
from shouyue.customers.duplicates.queries.persons import ids_of_person
from shouyue.store import facts

IsSeen: TypeAlias = Callable[[Match], bool]
_LOCK = "SELECT id FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


class NotMergeableError(Exception):
    """One of the records is not there, or both are the same one."""


class MatchMovedError(Exception):
    """Somebody else decided the pair, or a later run weighed it anew."""


@transaction.atomic
def merge_customers(*, survivor: UUID, merged: UUID, by: str, at: datetime) -> Merging:
    """Let `survivor` stand for `merged` too; nothing moves. Records that are one person already stay as they are.

    Of records that were merged before, those that stand for them are merged. Raises NotMergeableError.
    """
    stay, go = _locked_roots(survivor, merged)
    if stay == go:
        standing = _standing(merged) or _standing(survivor)
        if standing is None:
            raise NotMergeableError
        return standing
    match = _decided(survivor, merged, by=by, at=at)
    made = Merging.objects.create(survivor_id=stay, merged_id=go, match=match, merged_at=at, merged_by=by)
    _decide_between(stay, by=by, at=at)
    facts.announce(CustomersMerged(subject=stay, merging_id=made.pk, merged_id=go), at=at, by=by)
    return made


@transaction.atomic
def unmerge_customers(merging_id: UUID, *, by: str, at: datetime) -> Merging:
    """Take a merge back: each record has again what was recorded under its own id. A second time changes nothing.

    Pairs that are two persons again are to be looked at again. Raises Merging.DoesNotExist.
    """
    made = Merging.objects.select_for_update().get(pk=merging_id)
    if made.is_undone:
        return made
    _lock([made.survivor_id, made.merged_id])
    made.undone_at, made.undone_by = at, by
    made.save(update_fields=["undone_at", "undone_by"])
    _open_between(made.survivor_id, made.merged_id)
    told = CustomersUnmerged(subject=made.survivor_id, merging_id=made.pk, merged_id=made.merged_id)
    facts.announce(told, at=at, by=by)
    return made


@transaction.atomic
def dismiss_match(match_id: UUID, *, by: str, at: datetime, is_seen: IsSeen | None = None) -> Match:
    """Say that a pair is two people; later runs leave it so. What was decided before stays.

    is_seen: whether the pair as it stands is the one that the caller saw. Raises Match.DoesNotExist, MatchMovedError.
    """
    match = _locked_match(match_id, is_seen)
    if match.state == MatchState.OPEN:
        match.state, match.decided_at, match.decided_by = MatchState.DISMISSED, at, by
        match.save(update_fields=["state", "decided_at", "decided_by"])
    return match


@transaction.atomic
def reopen_match(match_id: UUID, *, is_seen: IsSeen | None = None) -> Match:
    """Put a dismissed pair back into the queue. Raises Match.DoesNotExist, MatchMovedError."""
    match = _locked_match(match_id, is_seen)
    if match.state == MatchState.DISMISSED:
        match.state, match.decided_at, match.decided_by = MatchState.OPEN, None, ""
        match.save(update_fields=["state", "decided_at", "decided_by"])
    return match


def _locked_match(match_id: UUID, is_seen: IsSeen | None) -> Match:
    match = Match.objects.select_for_update().get(pk=match_id)
    if is_seen and not is_seen(match):
        raise MatchMovedError
    return match


def _locked_roots(survivor: UUID, merged: UUID) -> tuple[UUID, UUID]:
    """Who stands for both, locked in the order of ids; asked again under the locks."""
    roots = [found[0] for found in _persons(survivor, merged)]
    _lock(sorted({survivor, merged, *roots}))
    stay, go = (found[0] for found in _persons(survivor, merged))
    _lock(sorted({stay, go}))
    return stay, go


def _persons(survivor: UUID, merged: UUID) -> tuple[list[UUID], list[UUID]]:
    found = ids_of_person([survivor, merged])
    return found[survivor], found[merged]


def _lock(ids: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(ids)])
        if len(cursor.fetchall()) < len(set(ids)):
            raise NotMergeableError


def _standing(merged: UUID) -> Merging | None:
    return Merging.objects.filter(merged_id=merged, undone_at__isnull=True).first()


def _decided(one: UUID, other: UUID, *, by: str, at: datetime) -> Match | None:
    first, second = sorted((one, other))
    match = Match.objects.select_for_update().filter(one_id=first, other_id=second, state=MatchState.OPEN).first()
    if match:
        match.state, match.decided_at, match.decided_by = MatchState.MERGED, at, by
        match.save(update_fields=["state", "decided_at", "decided_by"])
    return match


def _decide_between(person: UUID, *, by: str, at: datetime) -> None:
    """Pairs among the records of one person need no decision of their own any more."""
    ids = ids_of_person([person])[person]
    within = Match.objects.filter(state=MatchState.OPEN, one__in=ids, other__in=ids)
    within.update(state=MatchState.MERGED, decided_at=at, decided_by=by)


def _open_between(stay: UUID, go: UUID) -> None:
    here, there = _persons(stay, go)
    between = Q(one__in=here, other__in=there) | Q(one__in=there, other__in=here)
    merged = Match.objects.filter(between, state=MatchState.MERGED)
    merged.update(state=MatchState.OPEN, decided_at=None, decided_by="")
