"""The door of the ledger."""

from shouyue.membership.ledger.actions.accrual import Purchases, accrue_purchases
from shouyue.membership.ledger.actions.nightly import expire_due, prove_balances
from shouyue.membership.ledger.actions.points import (
    Done,
    NotAMemberError,
    enrol_members,
    move,
    move_points,
    undo_redemption,
)
from shouyue.membership.ledger.actions.programmes import Terms, publish_programme
from shouyue.membership.ledger.models import Balance, EarnProgramme, Hold, Lot, Transfer
from shouyue.membership.ledger.queries import programme_on, standings
from shouyue.membership.ledger.rules.commands import Command

__all__ = [
    "Balance",
    "Command",
    "Done",
    "EarnProgramme",
    "Hold",
    "Lot",
    "NotAMemberError",
    "Purchases",
    "Terms",
    "Transfer",
    "accrue_purchases",
    "enrol_members",
    "expire_due",
    "move",
    "move_points",
    "programme_on",
    "prove_balances",
    "publish_programme",
    "standings",
    "undo_redemption",
]
