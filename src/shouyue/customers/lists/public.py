"""The door of lists."""

from shouyue.customers.lists.actions.importing import PLAIN_CUSTOMERS
from shouyue.customers.lists.actions.placing import customers_placed, keep_places, take_back_places
from shouyue.customers.lists.facts import CustomersImported, CustomersImportUndone, PeopleTakenBack
from shouyue.customers.lists.queries.hearing import heard_of

__all__ = [
    "PLAIN_CUSTOMERS",
    "CustomersImportUndone",
    "CustomersImported",
    "PeopleTakenBack",
    "customers_placed",
    "heard_of",
    "keep_places",
    "take_back_places",
]
