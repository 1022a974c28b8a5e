"""The door of the customers room."""

from shouyue.customers.duplicates.public import ids_of_person
from shouyue.customers.linking.public import measured as measured_doubles
from shouyue.customers.lists.public import (
    PLAIN_CUSTOMERS,
    customers_placed,
    keep_places,
    take_back_places,
)
from shouyue.customers.people.public import (
    BUSINESS_COLUMNS,
    Customer,
    CustomerFacts,
    Person,
    Standing,
    customer_sources,
    customers_found,
    ensure_customers,
    known,
    masked_persons,
    persons_in,
    record_people,
    standing_of,
)
from shouyue.customers.quality.public import ValuesConfirmed

__all__ = [
    "BUSINESS_COLUMNS",
    "PLAIN_CUSTOMERS",
    "Customer",
    "CustomerFacts",
    "Person",
    "Standing",
    "ValuesConfirmed",
    "customer_sources",
    "customers_found",
    "customers_placed",
    "ensure_customers",
    "ids_of_person",
    "keep_places",
    "known",
    "masked_persons",
    "measured_doubles",
    "persons_in",
    "record_people",
    "standing_of",
    "take_back_places",
]
