"""The door of entering."""

from shouyue.customers.entering.actions import TooManyLookupsError, create_customer, look_up
from shouyue.customers.entering.queries import Candidate
from shouyue.customers.entering.rules.entry import EntryRefusedError, Place, clean
from shouyue.customers.entering.words import REFUSALS

__all__ = [
    "REFUSALS",
    "Candidate",
    "EntryRefusedError",
    "Place",
    "TooManyLookupsError",
    "clean",
    "create_customer",
    "look_up",
]
