"""The jobs of the whole wing, for workers."""

from shouyue.membership.effect.jobs import measure
from shouyue.membership.expiry.jobs import notice
from shouyue.membership.ledger.jobs import expire_points, prove, release_holds
from shouyue.membership.occasions.jobs import birthdays
from shouyue.membership.preview.jobs import preview_draft
from shouyue.membership.programme.jobs import close_budgets
from shouyue.membership.rewards.jobs import end_reservations
from shouyue.membership.tiers.jobs import review

__all__ = [
    "birthdays",
    "close_budgets",
    "end_reservations",
    "expire_points",
    "measure",
    "notice",
    "preview_draft",
    "prove",
    "release_holds",
    "review",
]
