"""The door of lists."""

from shouyue.customers.lists.actions.importing import PLAIN_CUSTOMERS, PLAIN_CUSTOMERS_IF_ANY
from shouyue.customers.lists.facts import CustomersImported, CustomersImportUndone, PeopleTakenBack
from shouyue.customers.lists.queries.hearing import heard_of

__all__ = [
    "PLAIN_CUSTOMERS",
    "PLAIN_CUSTOMERS_IF_ANY",
    "CustomersImportUndone",
    "CustomersImported",
    "PeopleTakenBack",
    "heard_of",
]
