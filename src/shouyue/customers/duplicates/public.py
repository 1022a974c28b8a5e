"""The door of duplicates."""

from shouyue.customers.duplicates.actions.forgetting import forget_undecided
from shouyue.customers.duplicates.facts import CustomersMerged, CustomersUnmerged
from shouyue.customers.duplicates.queries.persons import features_of, ids_of_person
from shouyue.customers.duplicates.queries.reviewing import decided_on

__all__ = [
    "CustomersMerged",
    "CustomersUnmerged",
    "decided_on",
    "features_of",
    "forget_undecided",
    "ids_of_person",
]
