"""What both sides get, pending until nothing can be returned, and taken back if it was."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import Balance, Command, move_points
from shouyue.membership.programme.public import NoProgrammeError, counting_version, give_points
from shouyue.membership.referral.models import Referral, ReferralReward, ReferralState
from shouyue.membership.referral.rules.referral import ReferralEvent, counts, pays_on, referral_rule_of, rewards_of
from shouyue.purchases.public import Goods, buyers_of, goods_kept, spend_by_day

_OCCASION = "referral"


@transaction.atomic
def reward_purchases(batches: Sequence[UUID], *, at: datetime, by: str) -> int:
    """Give and take back what the orders of these batches mean for referrals; returns how many rewards were given.

    batches: of `OrdersRecorded`. Repeated, it finds nothing to do.
    """
    found = Referral.objects.select_for_update().filter(customer_id__in=buyers_of(batches), state=ReferralState.COUNTED)
    referrals = {row.customer_id: row for row in found.order_by("customer_id")}
    if not referrals:
        return 0
    given = list(ReferralReward.objects.filter(customer_id__in=list(referrals), cancelled_at=None))
    also = sorted({(row.customer_id, row.order_id) for row in given if row.order_id})
    told = goods_kept(batches, customers=sorted(referrals), zone=settings.TIME_ZONE, also=also)
    _take_back(told, given, at=at, by=by)
    return sum(_reward_order(referrals[goods.customer_id], goods, at=at, by=by) for goods in told if _is_kept(goods))


@transaction.atomic
def reward_joining(customer_id: UUID, *, on: date, at: datetime, by: str) -> int:
    """Give what the rule says for joining, where joining is its event; returns how many got something."""
    row = Referral.objects.filter(customer_id=customer_id, state=ReferralState.COUNTED).first()
    if row is None or referral_rule_of(counting_version(on).content).event is not ReferralEvent.REGISTER:
        return 0
    return _reward(row, event="joined", order_id=None, on=on, at=at, by=by)


def reward_approved(row: Referral, *, on: date, at: datetime, by: str) -> int:
    """A referral was found good: for what happened while it waited both get what they would have got, once."""
    if row.state != ReferralState.COUNTED:
        return 0
    rule = referral_rule_of(counting_version(on).content)
    came_on = timezone.localdate(row.at)
    days = spend_by_day([row.customer_id], zone=settings.TIME_ZONE).get(row.customer_id, [])
    has_bought = any(day >= came_on and amount > 0 for day, amount in days)
    if rule.event is not ReferralEvent.REGISTER and not has_bought:
        return 0
    return _reward(row, event="approved", order_id=None, on=on, at=at, by=by)


def _is_kept(goods: Goods) -> bool:
    return not goods.is_cancelled and sum(goods.amounts_fen) > 0


def _reward_order(row: Referral, goods: Goods, *, at: datetime, by: str) -> int:
    if goods.day < timezone.localdate(row.at):
        return 0
    try:
        rule = referral_rule_of(counting_version(goods.day).content)
    except NoProgrammeError:
        return 0
    rewarded = ReferralReward.objects.filter(customer_id=row.customer_id, cancelled_at=None)
    before = rewarded.exclude(order_id=goods.order_id).count()
    if not counts(rule, is_purchase=True, purchases_before=before):
        return 0
    return _reward(row, event=str(goods.order_id), order_id=goods.order_id, on=goods.day, at=at, by=by)


def _reward(row: Referral, *, event: str, order_id: UUID | None, on: date, at: datetime, by: str) -> int:
    """The same event is rewarded once."""
    version = counting_version(on)
    rule = referral_rule_of(version.content)
    given = 0
    for one in rewards_of(rule, referrer=str(row.referrer_id), referred=str(row.customer_id)):
        receiver, award_id = UUID(one.customer), keyed_id(row.customer_id, f"referral {event} {one.customer}")
        known = ReferralReward.objects.filter(customer_id=row.customer_id, id=award_id)
        if known.exists() or not Balance.objects.filter(customer_id=receiver).exists():
            continue
        first = max(pays_on(rule, on), timezone.localdate(at))
        give_points(
            award_id,
            receiver,
            one.points,
            occasion=_OCCASION,
            version=version,
            on=on,
            at=at,
            by=by,
            first_day=first,
        )
        ReferralReward.objects.create(
            customer_id=row.customer_id,
            id=award_id,
            receiver_id=receiver,
            order_id=order_id,
            points=one.points,
            pays_on=first,
            made_at=at,
        )
        given += 1
    return given


def _take_back(told: Sequence[Goods], given: Sequence[ReferralReward], *, at: datetime, by: str) -> None:
    """Of orders that came back whole, or were cancelled, before the rewards were to be spent."""
    on = timezone.localdate(at)
    undone = {goods.order_id for goods in told if not _is_kept(goods)}
    lost = [row for row in given if row.order_id in undone and row.pays_on > on]
    commands = [
        Command.cancellation(keyed_id(row.id, "returned"), row.receiver_id, row.points, lot=row.id) for row in lost
    ]
    if commands:
        move_points(commands, at=at, on=on, by=by)
    for row in lost:
        row.cancelled_at = at
    ReferralReward.objects.bulk_update(lost, ["cancelled_at"])
