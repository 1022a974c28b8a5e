"""Questions about the whole room: figures of all members, and one member's history with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Sum

from shouyue.membership.ledger.public import Balance, Transfer
from shouyue.membership.programme.public import Award
from shouyue.membership.rewards.public import Redemption, names_in_ledger

HISTORY_MAX = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a member's history. award, redemption: why, where the programme knows."""

    transfer: Transfer
    points: int
    award: Award | None
    redemption: Redemption | None


def entries(customers: Sequence[UUID], *, most: int = HISTORY_MAX) -> list[Entry]:
    """What came and went, the newest first; steps inside the ledger (activation, holds) are left out. Three queries.

    customers: all numbers of the person.
    """
    came = Q(credit__in=_HAD) & ~Q(debit__in=_HAD)
    went = Q(debit__in=_HAD) & ~Q(credit__in=_HAD)
    rows = list(
        Transfer.objects.filter(came | went, customer_id__in=customers).order_by(
            "-effective_on", "-recorded_at", "-id"
        )[:most]
    )
    ids = [row.command_id for row in rows]
    awards = {one.id: one for one in Award.objects.filter(customer_id__in=customers, id__in=ids)}
    other_names = Q(state="used", until__isnull=False) | ~Q(payers=[])
    redeemed = Redemption.objects.filter(Q(id__in=ids) | other_names, customer_id__in=customers)
    taken = {name: one for one in redeemed.select_related("reward") for name in names_in_ledger(one)}
    return [
        Entry(
            transfer=row,
            points=row.points if row.credit in _HAD else -row.points,
            award=awards.get(row.command_id),
            redemption=taken.get(row.command_id),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    members: int
    issued: int
    redeemed: int
    expired: int
    outstanding: int


def figures() -> ProgrammeFigures:
    """Points of all members since the beginning; one statement."""
    found = Balance.objects.aggregate(
        members=Count("customer_id"),
        issued=Sum("issued"),
        redeemed=Sum("redeemed"),
        expired=Sum("expired"),
        available=Sum("available"),
        pending=Sum("pending"),
        held=Sum("held"),
    )
    told = {name: value or 0 for name, value in found.items()}
    return ProgrammeFigures(
        members=told["members"],
        issued=told["issued"],
        redeemed=told["redeemed"],
        expired=told["expired"],
        outstanding=told["available"] + told["pending"] + told["held"],
    )


_HAD = ("pending", "available", "held")
