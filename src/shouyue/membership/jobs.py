"""The jobs of the whole wing, for workers."""

from shouyue.membership.effect.jobs import measure
from shouyue.membership.expiry.jobs import notice
from shouyue.membership.ledger.jobs import expire_points, prove, release_holds
from shouyue.membership.programme.jobs import close_budgets
from shouyue.membership.tiers.jobs import review

__all__ = ["close_budgets", "expire_points", "measure", "notice", "prove", "release_holds", "review"]
