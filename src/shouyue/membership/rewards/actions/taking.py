"""Rewards: offer one, take one for points, hand it over, give it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from shouyue.customers.public import ids_of_person
from shouyue.membership.ledger.public import Command
from shouyue.membership.persons.public import move_of_person, undo_of_person
from shouyue.membership.rewards.facts import RewardRedeemed
from shouyue.membership.rewards.models import Redemption, RedemptionState, Reward
from shouyue.membership.rewards.rules.vouchers import code_of, read
from shouyue.store import facts


class RewardRefusedError(Exception):
    """The reward cannot be taken. why: gone, closed, limit, tier, points or cash; missing: points that are lacking.

    cash: it costs money too, so it is reserved and completed with the payment.
    """

    def __init__(self, why: str, *, missing: int = 0) -> None:
        super().__init__(why)
        self.why, self.missing = why, missing


class UnknownVoucherError(Exception):
    """No voucher has this code, or it was handed over or given back already."""


@transaction.atomic
def keep_reward(reward: Reward, *, at: datetime, by: str) -> Reward:
    """Put a reward into the catalogue, or change the one of its id."""
    reward.changed_at, reward.changed_by = at, by
    reward.save()
    return reward


@transaction.atomic
def redeem_reward(
    *, redemption_id: UUID, customer_id: UUID, reward_id: UUID, tier: str | None, at: datetime, on: date
) -> Redemption:
    """Take a reward: stock, limit and points are decided under its lock, all or nothing, once for each id.

    tier: the member's. Raises RewardRefusedError.
    """
    wish = Wish(redemption_id, customer_id, reward_id, tier, Command.redemption, RedemptionState.DONE)
    taken, is_new = take(wish, at=at, on=on)
    if is_new:
        fact = RewardRedeemed(
            subject=customer_id, redemption_id=redemption_id, reward_id=reward_id, points=taken.points
        )
        facts.announce(fact, at=at, by=f"member:{customer_id}")
    return taken


@transaction.atomic
def hand_over(typed: str, *, at: datetime, by: str = "") -> Redemption:
    """The till gives out what the voucher is for, once. Raises UnknownVoucherError."""
    code = read(typed)
    found = Redemption.objects.select_for_update(of=("self",)).select_related("reward").filter(code=code or "-").first()
    if found is None or found.state != RedemptionState.DONE:
        raise UnknownVoucherError
    found.state, found.settled_at, found.settled_by = RedemptionState.USED, at, by
    found.save(update_fields=["state", "settled_at", "settled_by"])
    return found


@transaction.atomic
def give_back(*, customer_id: UUID, redemption_id: UUID, at: datetime, on: date, by: str) -> Redemption:
    """Undo a redemption that was not handed over: points return to their lots, the piece to the stock. Once."""
    first = Redemption.objects.get(customer_id=customer_id, id=redemption_id)
    reward = Reward.objects.select_for_update().get(pk=first.reward_id)
    taken = Redemption.objects.select_for_update().get(customer_id=customer_id, id=redemption_id)
    if taken.state == RedemptionState.RELEASED:
        return taken
    if taken.state != RedemptionState.DONE:
        raise UnknownVoucherError
    undo_of_person(redemption_id, payers_of(taken), at=at, on=on, by=by)
    put(reward, 1)
    taken.state, taken.settled_at, taken.settled_by = RedemptionState.RELEASED, at, by
    taken.save(update_fields=["state", "settled_at", "settled_by"])
    return taken


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants a reward. tier: theirs. pays: makes the ledger's command; state: what the reward is in then."""

    redemption_id: UUID
    customer_id: UUID
    reward_id: UUID
    tier: str | None
    pays: Callable[[UUID, UUID, int], Command]
    state: RedemptionState


def take(wish: Wish, *, at: datetime, on: date) -> tuple[Redemption, bool]:
    """Take a piece of a reward for points, under its lock, once for each id; whether it was taken just now.

    All numbers of the person count: for the limit, and with their points. In a transaction. Raises RewardRefusedError.
    """
    reward = Reward.objects.select_for_update().get(pk=wish.reward_id)
    ids = ids_of_person([wish.customer_id])[wish.customer_id]
    done = Redemption.objects.filter(customer_id__in=ids, id=wish.redemption_id).first()
    if done is not None:
        return done, False
    is_reserved = wish.state == RedemptionState.RESERVED
    _check(reward, ids, wish.tier, on)
    if reward.cash_fen and not is_reserved:
        raise RewardRefusedError("cash")
    command = wish.pays(wish.redemption_id, wish.customer_id, reward.points)
    paid = move_of_person(command, ids, at=at, on=on, by=f"member:{wish.customer_id}")
    if paid.refusal is not None:
        raise RewardRefusedError("points", missing=reward.points - paid.available) from paid.refusal
    put(reward, -1)
    taken = Redemption(
        customer_id=wish.customer_id,
        id=wish.redemption_id,
        reward=reward,
        state=wish.state,
        points=reward.points,
        cash_fen=reward.cash_fen,
        payers=[str(one) for one in ids if len(ids) > 1],
        code=code_of(settings.SECRET_KEY.encode(), f"{wish.customer_id} {wish.redemption_id}"),
        made_at=at,
        until=at + timedelta(minutes=reward.hold_minutes) if is_reserved else None,
    )
    taken.save(force_insert=True)
    return taken, True


def _check(reward: Reward, ids: Sequence[UUID], tier: str | None, on: date) -> None:
    """Whether a person may take a locked reward. Raises RewardRefusedError."""
    is_on = (reward.first is None or reward.first <= on) and (reward.last is None or on <= reward.last)
    if not reward.is_open or not is_on:
        raise RewardRefusedError("closed")
    if reward.stock_left == 0:
        raise RewardRefusedError("gone")
    if reward.tiers and tier not in reward.tiers:
        raise RewardRefusedError("tier")
    if reward.limit_each is not None:
        had = Redemption.objects.filter(customer_id__in=ids, reward=reward)
        if had.exclude(state=RedemptionState.RELEASED).count() >= reward.limit_each:
            raise RewardRefusedError("limit")


def put(reward: Reward, pieces: int) -> None:
    """Into the stock of a locked reward, or out of it; one without a stock has no end."""
    if reward.stock_left is not None:
        reward.stock_left += pieces
        reward.save(update_fields=["stock_left"])


def payers_of(taken: Redemption) -> list[UUID]:
    """The numbers under which the ledger has what was paid, whatever was merged or un-merged since."""
    return [UUID(one) for one in taken.payers] or [taken.customer_id]
