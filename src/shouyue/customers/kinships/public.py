"""The door of kinships."""

from shouyue.customers.kinships.queries import kinships_of

__all__ = ["kinships_of"]
