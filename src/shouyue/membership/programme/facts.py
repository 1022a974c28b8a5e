"""What the programme announces."""

from dataclasses import dataclass
from datetime import date

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class ProgrammePublished(FactBase):
    """A version of tiers, earn rules, referral and benefits counts from a day on. number: of the version."""

    number: int
    starts_on: date


@dataclass(frozen=True, kw_only=True)
class BudgetUsedUp(FactBase):
    """A rule or campaign has given what it may; the day is its last. used: points it has given."""

    key: str
    last_on: date
    budget: int
    used: int
