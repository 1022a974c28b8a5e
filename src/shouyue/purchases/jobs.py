"""The jobs of the whole wing, for workers."""

from shouyue.purchases.undoing.jobs import forget_changes

__all__ = ["forget_changes"]
