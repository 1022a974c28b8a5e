"""Questions to the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from shouyue.membership.ledger.models import Balance, EarnProgramme, Lot, Proof, Transfer
from shouyue.membership.ledger.rules.earning import Basis, Rate, Rounding
from shouyue.store.copying import uuid_array
from shouyue.store.prepared import fetched


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's points on a day. usable: what can be spent now; next_expiry: the first day on which some are lost."""

    customer_id: UUID
    usable: int
    pending: int
    held: int
    debt: int
    next_expires_on: date | None
    next_expires_points: int

    def joined(self, others: Iterable["Standing"]) -> "Standing":
        """Of one person under several numbers: what is owed under any of them cannot be spent under another."""
        every = [self, *others]
        names = ("usable", "pending", "held", "debt")
        usable, pending, held, debt = (sum(getattr(one, name) for one in every) for name in names)
        first = min((one.next_expires_on for one in every if one.next_expires_on), default=None)
        soon = sum(one.next_expires_points for one in every if one.next_expires_on == first)
        return Standing(self.customer_id, max(0, usable - debt), pending, held, debt, first, soon)


@dataclass(frozen=True, slots=True)
class RollForward:
    """Points and their liability from one day to another: opening + issued - used - expired - taken back = closing."""

    opening: int
    issued: int
    redeemed: int
    expired: int
    taken_back: int
    closing: int
    opening_fen: int
    issued_fen: int
    redeemed_fen: int
    expired_fen: int
    taken_back_fen: int
    closing_fen: int

    @property
    def is_reconciled(self) -> bool:
        """Whether the closing figures, which the lots hold, are what the movements lead to."""
        return self == self.by_movements()

    def by_movements(self) -> "RollForward":
        """With the closing that opening and movements lead to: that of a period which has ended."""
        points = self.opening + self.issued - self.redeemed - self.expired - self.taken_back
        fen = self.opening_fen + self.issued_fen - self.redeemed_fen - self.expired_fen - self.taken_back_fen
        return replace(self, closing=points, closing_fen=fen)


def programme_on(on: date) -> EarnProgramme | None:
    """The version that counts on a day: the newest of those that have begun."""
    return EarnProgramme.objects.filter(starts_on__lte=on).order_by("-starts_on", "-version").first()


def rate_of(programme: EarnProgramme) -> Rate:
    return Rate(
        per=programme.per_fen,
        points=programme.points,
        rounding=Rounding(programme.rounding),
        basis=Basis(programme.basis),
    )


def standings(customers: Sequence[UUID], *, on: date) -> dict[UUID, Standing]:
    """Of those who are members. Two statements, however many."""
    found = fetched(_STANDINGS, {"customers": uuid_array(customers), "on": on}, rows=len(customers))
    return {row[0]: Standing(*row) for row in found}


def history(customers: Sequence[UUID]) -> QuerySet[Transfer]:
    """Transfers, the newest first."""
    return Transfer.objects.filter(customer_id__in=customers).order_by("-recorded_at", "-id")


def is_member(customer_id: UUID) -> bool:
    return Balance.objects.filter(customer_id=customer_id).exists()


def expiring(*, on: date, days: int) -> int:
    """Points of all members whose last day is within so many days."""
    soon = Lot.objects.filter(expires_on__gte=on, expires_on__lte=on + timedelta(days=days))
    return soon.aggregate(all=Sum("left"))["all"] or 0


def roll_forward(*, since: date, until: date) -> RollForward:
    """From the end of the day before `since` to the end of `until`; closing is what the lots hold now."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLL, {"since": since, "until": until})
        [row] = cursor.fetchall()
    return RollForward(*(int(value) for value in row))


def ended_lots(*, on: date) -> tuple[int, int]:
    """Points that were never used, and all points, of lots whose last day was before `on`."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, [on])
        [(expired, points)] = cursor.fetchall()
    return int(expired), int(points)


def lots_of(customers: Sequence[UUID], *, on: date) -> list[Lot]:
    """What is left of these members' lots, in the order in which it will be spent."""
    usable = Q(expires_on__isnull=True) | Q(expires_on__gte=on)
    found = Lot.objects.filter(customer_id__in=customers).filter(usable & (Q(left__gt=0) | Q(held__gt=0)))
    return list(found.order_by(F("expires_on").asc(nulls_last=True), "made_at", "id"))


def latest_transfers(customers: Sequence[UUID], *, most: int = 8) -> list[Transfer]:
    """The latest movements of each of these members, the newest first."""
    place = Window(RowNumber(), partition_by="customer_id", order_by=[F("recorded_at").desc(), F("id").desc()])
    found = Transfer.objects.filter(customer_id__in=customers).annotate(place=place).filter(place__lte=most)
    return list(found.order_by("customer_id", "place"))


def members_count() -> int:
    return Balance.objects.count()


def latest_proof() -> Proof | None:
    return Proof.objects.order_by("-ran_at", "-id").first()


_STANDINGS = """
SELECT balance.customer_id,
    coalesce(sum(lot."left") FILTER (WHERE NOT lot.is_pending OR lot.activates_on <= %(on)s), 0)::bigint,
    coalesce(sum(lot."left") FILTER (WHERE lot.is_pending AND lot.activates_on > %(on)s), 0)::bigint,
    balance.held, balance.debt, min(lot.expires_on),
    coalesce(sum(lot."left") FILTER (WHERE lot.expires_on = first.expires_on), 0)::bigint
FROM membership_balance AS balance
LEFT JOIN membership_lot AS lot ON lot.customer_id = balance.customer_id AND lot."left" > 0
    AND (lot.expires_on IS NULL OR lot.expires_on >= %(on)s)
LEFT JOIN LATERAL (
    SELECT min(expires_on) AS expires_on FROM membership_lot
    WHERE customer_id = balance.customer_id AND "left" > 0 AND expires_on >= %(on)s
) AS first ON true
WHERE balance.customer_id = ANY(%(customers)s::uuid[])
GROUP BY balance.customer_id
"""
_ENDED = """
SELECT coalesce(sum(lot."left"), 0) + coalesce(sum((
    SELECT sum(take.points) FROM membership_take AS take
    JOIN membership_transfer AS made ON made.customer_id = take.customer_id AND made.id = take.transfer_id
    WHERE take.customer_id = lot.customer_id AND take.lot_id = lot.id AND made.credit = 'expired'
)), 0), coalesce(sum(lot.points), 0)
FROM membership_lot AS lot WHERE lot.expires_on < %s
"""
# Points and cost that crossed the border between what members have (pending, available, held) and everything else.
_ROLL = """
WITH moved AS (
    SELECT made.effective_on, made.debit, made.credit, made.points,
        coalesce(lot.cost_fen, (SELECT sum(take.cost_fen) FROM membership_take AS take
            WHERE take.customer_id = made.customer_id AND take.transfer_id = made.id), 0) AS fen,
        CASE WHEN made.debit IN ('pending', 'available', 'held') THEN 0 ELSE 1 END
        - CASE WHEN made.credit IN ('pending', 'available', 'held') THEN 0 ELSE 1 END AS sign,
        CASE WHEN made.debit = 'issued' THEN 'issued'
            WHEN 'redeemed' IN (made.debit, made.credit) OR 'paid_out' IN (made.debit, made.credit) THEN 'redeemed'
            WHEN 'expired' IN (made.debit, made.credit) THEN 'expired' ELSE 'back' END AS what
    FROM membership_transfer AS made
    LEFT JOIN membership_lot AS lot ON lot.customer_id = made.customer_id AND lot.id = made.id
    WHERE made.effective_on <= %(until)s
), crossed AS (
    SELECT effective_on, what, sign * points AS points, sign * fen AS fen FROM moved WHERE sign <> 0
), period AS (SELECT * FROM crossed WHERE effective_on >= %(since)s),
opening AS (
    SELECT coalesce(sum(points), 0) AS points, coalesce(sum(fen), 0) AS fen FROM crossed WHERE effective_on < %(since)s
), parts AS (
    SELECT
        coalesce(sum(points) FILTER (WHERE what = 'issued'), 0) AS issued,
        coalesce(sum(-points) FILTER (WHERE what = 'redeemed'), 0) AS redeemed,
        coalesce(sum(-points) FILTER (WHERE what = 'expired'), 0) AS expired,
        coalesce(sum(-points) FILTER (WHERE what = 'back'), 0) AS back,
        coalesce(sum(fen) FILTER (WHERE what = 'issued'), 0) AS issued_fen,
        coalesce(sum(-fen) FILTER (WHERE what = 'redeemed'), 0) AS redeemed_fen,
        coalesce(sum(-fen) FILTER (WHERE what = 'expired'), 0) AS expired_fen,
        coalesce(sum(-fen) FILTER (WHERE what = 'back'), 0) AS back_fen
    FROM period
), later AS (
    SELECT coalesce(sum(("left" + held)), 0) AS points, coalesce(sum(cost_left_fen + held_cost_fen), 0) AS fen
    FROM membership_lot
)
SELECT opening.points, parts.issued, parts.redeemed, parts.expired, parts.back, later.points,
    opening.fen, parts.issued_fen, parts.redeemed_fen, parts.expired_fen, parts.back_fen, later.fen
FROM opening, parts, later
"""
