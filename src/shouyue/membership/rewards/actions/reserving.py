"""Reservations: points and a piece are set aside, completed with a payment, or set free when their time has ended.

Everything about one is decided under its reward's lock, then its own: completion and time-out cannot both win.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import Command
from shouyue.membership.persons.public import move_of_person
from shouyue.membership.rewards.actions.taking import UnknownVoucherError, Wish, payers_of, put, take
from shouyue.membership.rewards.facts import ReservationEnded, RewardRedeemed, RewardReserved
from shouyue.membership.rewards.models import Redemption, RedemptionState, Reward
from shouyue.membership.rewards.rules.vouchers import read
from shouyue.store import facts


class ReservationEndedError(Exception):
    """The reservation was set free before: its points and its piece are no longer held."""


class OtherAmountError(Exception):
    """Another amount was paid than the reward costs. cash_fen: what it costs."""

    def __init__(self, cash_fen: int) -> None:
        super().__init__(cash_fen)
        self.cash_fen = cash_fen


@transaction.atomic
def reserve_reward(
    *, redemption_id: UUID, customer_id: UUID, reward_id: UUID, tier: str | None, at: datetime, on: date
) -> Redemption:
    """Set a reward aside for its minutes: its points are held, its piece is out of the stock. Once for each id.

    tier: the member's. Raises RewardRefusedError.
    """
    wish = Wish(redemption_id, customer_id, reward_id, tier, Command.holding, RedemptionState.RESERVED)
    taken, is_new = take(wish, at=at, on=on)
    if is_new and taken.until is not None:
        fact = RewardReserved(
            subject=customer_id,
            redemption_id=redemption_id,
            reward_id=reward_id,
            points=taken.points,
            cash_fen=taken.cash_fen,
            until=taken.until,
        )
        facts.announce(fact, at=at, by=f"member:{customer_id}")
    return taken


@transaction.atomic
def complete_reservation(typed: str, *, paid_fen: int, at: datetime, on: date, by: str) -> Redemption:
    """The payment came: the held points are spent and the reward is handed over, once.

    A reservation whose time has ended can be completed while nothing has set it free.
    Raises UnknownVoucherError, ReservationEndedError, OtherAmountError.
    """
    first = Redemption.objects.filter(code=read(typed) or "-").first()
    if first is None or first.until is None:
        raise UnknownVoucherError
    reward, taken = _locked(first)
    if taken.state == RedemptionState.RELEASED:
        raise ReservationEndedError
    if paid_fen != taken.cash_fen:
        raise OtherAmountError(taken.cash_fen)
    if taken.state == RedemptionState.USED:
        return taken
    _settle(taken, RedemptionState.USED, at=at, on=on, by=by)
    fact = RewardRedeemed(subject=taken.customer_id, redemption_id=taken.id, reward_id=reward.pk, points=taken.points)
    facts.announce(fact, at=at, by=by)
    return taken


@transaction.atomic
def end_reservation(*, customer_id: UUID, redemption_id: UUID, at: datetime, on: date, by: str) -> Redemption:
    """Set a reservation free because somebody asks for it. One that was completed or ended stays as it is."""
    first = Redemption.objects.get(customer_id=customer_id, id=redemption_id)
    reward, taken = _locked(first)
    if taken.state == RedemptionState.RESERVED:
        _free(reward, taken, is_late=False, at=at, on=on, by=by)
    return taken


def end_late_reservations(*, at: datetime, on: date, by: str, most: int = 1000) -> int:
    """Set free whose time has ended, each in a transaction of its own; returns how many."""
    late = Redemption.objects.filter(state=RedemptionState.RESERVED, until__lte=at).order_by("until", "id")[:most]
    return sum(_end_late(one, at=at, on=on, by=by) for one in late)


@transaction.atomic
def _end_late(first: Redemption, *, at: datetime, on: date, by: str) -> bool:
    reward, taken = _locked(first)
    if taken.state != RedemptionState.RESERVED:
        return False
    _free(reward, taken, is_late=True, at=at, on=on, by=by)
    return True


def names_in_ledger(taken: Redemption) -> list[UUID]:
    """The ids of the transfers that spend, or spent, what it costs: for each number that pays."""
    names = (taken.id, _payment_of(taken.id))
    return [*names, *(keyed_id(name, who) for name in names for who in taken.payers)]


def _payment_of(redemption_id: UUID) -> UUID:
    """The id of the transfer that spends what a reservation holds."""
    return keyed_id(redemption_id, "paid")


def _locked(first: Redemption) -> tuple[Reward, Redemption]:
    reward = Reward.objects.select_for_update().get(pk=first.reward_id)
    taken = Redemption.objects.select_for_update().get(customer_id=first.customer_id, id=first.id)
    taken.reward = reward
    return reward, taken


def _free(reward: Reward, taken: Redemption, *, is_late: bool, at: datetime, on: date, by: str) -> None:
    _settle(taken, RedemptionState.RELEASED, at=at, on=on, by=by)
    put(reward, 1)
    fact = ReservationEnded(subject=taken.customer_id, redemption_id=taken.id, reward_id=reward.pk, is_late=is_late)
    facts.announce(fact, at=at, by=by)


def _settle(taken: Redemption, state: RedemptionState, *, at: datetime, on: date, by: str) -> None:
    is_paid = state == RedemptionState.USED
    command_id = _payment_of(taken.id) if is_paid else keyed_id(taken.id, "freed")
    command = Command.settling(command_id, taken.customer_id, hold=taken.id, is_paid=is_paid)
    done = move_of_person(command, payers_of(taken), at=at, on=on, by=by)
    if done.refusal is not None:
        raise done.refusal
    taken.state, taken.settled_at, taken.settled_by = state, at, by
    taken.save(update_fields=["state", "settled_at", "settled_by"])
