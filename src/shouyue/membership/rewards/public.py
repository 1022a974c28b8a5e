"""The door of rewards."""

from shouyue.membership.rewards.actions.reserving import (
    complete_reservation,
    end_reservation,
    names_in_ledger,
    reserve_reward,
)
from shouyue.membership.rewards.actions.taking import (
    RewardRefusedError,
    UnknownVoucherError,
    give_back,
    hand_over,
    keep_reward,
    redeem_reward,
)
from shouyue.membership.rewards.facts import RewardRedeemed
from shouyue.membership.rewards.models import Redemption, Reward
from shouyue.membership.rewards.queries import (
    offered_rewards,
    open_vouchers,
    reserved_by,
    rewards_for,
    taken_by_reward,
)
from shouyue.membership.rewards.rules.vouchers import code_of

__all__ = [
    "Redemption",
    "Reward",
    "RewardRedeemed",
    "RewardRefusedError",
    "UnknownVoucherError",
    "code_of",
    "complete_reservation",
    "end_reservation",
    "give_back",
    "hand_over",
    "keep_reward",
    "names_in_ledger",
    "offered_rewards",
    "open_vouchers",
    "redeem_reward",
    "reserve_reward",
    "reserved_by",
    "rewards_for",
    "taken_by_reward",
]
