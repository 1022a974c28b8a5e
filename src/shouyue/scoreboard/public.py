"""The door of the scoreboard: for main's reactions and commands; no room is above it."""

from shouyue.scoreboard.actions import MeasuresTaken, take_all_measures, take_measures
from shouyue.scoreboard.queries.board import is_measured

__all__ = ["MeasuresTaken", "is_measured", "take_all_measures", "take_measures"]
