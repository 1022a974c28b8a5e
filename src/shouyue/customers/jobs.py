"""The jobs of the whole wing, for workers."""

from shouyue.customers.duplicates.jobs import find_duplicates
from shouyue.customers.lists.jobs import forget_values

__all__ = ["find_duplicates", "forget_values"]
