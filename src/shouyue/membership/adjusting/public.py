"""The door of corrections."""

from shouyue.membership.adjusting.actions import ask_adjustment, decide_adjustment
from shouyue.membership.adjusting.models import Adjustment

__all__ = ["Adjustment", "ask_adjustment", "decide_adjustment"]
