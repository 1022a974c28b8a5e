"""Corrections by hand: one person asks, another decides."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouyue.customers.public import ids_of_person
from shouyue.membership.adjusting.models import Adjustment
from shouyue.membership.ledger.public import Balance, Command, NotAMemberError
from shouyue.membership.persons.public import move_of_person


class SamePersonError(Exception):
    """Whoever asked for an adjustment may not decide on it."""


class NothingToAdjustError(Exception):
    """A correction by no points."""


class TooFewPointsError(Exception):
    """The member has fewer points than the correction takes."""


class AlreadyDecidedError(Exception):
    """The adjustment was decided the other way before."""


@transaction.atomic
def ask_adjustment(*, request_id: UUID, customer_id: UUID, points: int, why: str, at: datetime, by: str) -> Adjustment:
    """Ask for points to be given (above zero) or taken (below). Nothing moves yet; the same request is asked once."""
    if points == 0:
        raise NothingToAdjustError
    ids = ids_of_person([customer_id])[customer_id]
    members = set(Balance.objects.filter(customer_id__in=ids).values_list("customer_id", flat=True))
    member = next((one for one in (customer_id, *ids) if one in members), None)
    if member is None:
        raise NotAMemberError(str(customer_id))
    asked, _is_new = Adjustment.objects.get_or_create(
        id=request_id,
        defaults={"customer_id": member, "points": points, "why": why, "asked_by": by, "asked_at": at},
    )
    return asked


@transaction.atomic
def decide_adjustment(
    *, adjustment_id: UUID, is_approved: bool, cost_fen: int, at: datetime, on: date, by: str
) -> Adjustment:
    """Approve and move the points, or turn it down, once.

    cost_fen: the liability of points that are given. Raises SamePersonError, AlreadyDecidedError, TooFewPointsError.
    """
    asked = Adjustment.objects.select_for_update().get(pk=adjustment_id)
    if asked.asked_by == by:
        raise SamePersonError
    if asked.is_approved is not None:
        if asked.is_approved != is_approved:
            raise AlreadyDecidedError
        return asked
    asked.decided_by, asked.decided_at, asked.is_approved = by, at, is_approved
    asked.save(update_fields=["decided_by", "decided_at", "is_approved"])
    if is_approved:
        command = Command.adjustment(asked.pk, asked.customer_id, asked.points, cost_fen=cost_fen)
        # What is taken may come from any of the person's numbers; what is given stays under the one that was named.
        ids = ids_of_person([asked.customer_id])[asked.customer_id] if asked.points < 0 else [asked.customer_id]
        done = move_of_person(command, ids, at=at, on=on, by=by)
        if done.refusal is not None:
            raise TooFewPointsError from done.refusal
    return asked
