"""The door of the estimates, inside the wing; rules enter each other directly."""

from shouyue.surveys.estimates.rules.cells import CELL_MIN, hidden_cells
from shouyue.surveys.estimates.rules.change import ChangeTest, same_people_changed
from shouyue.surveys.estimates.rules.decision import FIVE_PERCENT, Decision, decision_interval
from shouyue.surveys.estimates.rules.designs import Estimate, kish_effect
from shouyue.surveys.estimates.rules.drivers import Drivers, drivers
from shouyue.surveys.estimates.rules.nonresponse import Bounds, tipping_point, worst_case
from shouyue.surveys.estimates.rules.satisfaction import satisfied

__all__ = [
    "CELL_MIN",
    "FIVE_PERCENT",
    "Bounds",
    "ChangeTest",
    "Decision",
    "Drivers",
    "Estimate",
    "decision_interval",
    "drivers",
    "hidden_cells",
    "kish_effect",
    "same_people_changed",
    "satisfied",
    "tipping_point",
    "worst_case",
]
