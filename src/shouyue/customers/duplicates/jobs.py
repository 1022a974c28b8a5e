"""The jobs of duplicates, for workers."""

from shouyue.customers.duplicates.actions.searching import find_duplicates

__all__ = ["find_duplicates"]
