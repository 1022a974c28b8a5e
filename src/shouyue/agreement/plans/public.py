"""The door of the plans: annexes 1 and 2 as measures with owners, months and budgets."""

from shouyue.agreement.plans.actions import Delivered, confirm_plan, deliver, propose_plan
from shouyue.agreement.plans.improvements import Improvement, improvements
from shouyue.agreement.plans.queries import plan_of
from shouyue.agreement.plans.rules.measures import PlannedMeasure

__all__ = [
    "Delivered",
    "Improvement",
    "PlannedMeasure",
    "confirm_plan",
    "deliver",
    "improvements",
    "plan_of",
    "propose_plan",
]
