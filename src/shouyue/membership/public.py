"""The door of the membership room."""

from shouyue.membership.ledger.public import (
    Command,
    EarnProgramme,
    Purchases,
    accrue_purchases,
    enrol_members,
    expire_due,
    move_points,
    programme_on,
    prove_balances,
)
from shouyue.membership.occasions.public import award_members
from shouyue.membership.overview.sample import fill_sample
from shouyue.membership.programme.public import Occasion, award_occasion, publish_version
from shouyue.membership.referral.public import reward_purchases
from shouyue.membership.rewards.public import Reward
from shouyue.membership.tills.public import earn_from_batches

__all__ = [
    "Command",
    "EarnProgramme",
    "Occasion",
    "Purchases",
    "Reward",
    "accrue_purchases",
    "award_members",
    "award_occasion",
    "earn_from_batches",
    "enrol_members",
    "expire_due",
    "fill_sample",
    "move_points",
    "programme_on",
    "prove_balances",
    "publish_version",
    "reward_purchases",
]
