"""The door of kinships."""

from shouyue.customers.kinships.queries import kinships_of_persons

__all__ = ["kinships_of_persons"]
