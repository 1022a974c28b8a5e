"""The door of the customers room."""

from shouyue.customers.duplicates.public import ids_of_person
from shouyue.customers.linking.public import measured as measured_doubles
from shouyue.customers.lists.public import PLAIN_CUSTOMERS, PLAIN_CUSTOMERS_IF_ANY, CustomersImported
from shouyue.customers.people.public import (
    BUSINESS_COLUMNS,
    Customer,
    CustomerFacts,
    Known,
    Person,
    UnknownCustomersError,
    customer_sources,
    customers_found,
    ensure_customers,
    known,
    masked_persons,
    persons_in,
    record_people,
)
from shouyue.customers.quality.public import ValuesConfirmed, phones_to_check

__all__ = [
    "BUSINESS_COLUMNS",
    "PLAIN_CUSTOMERS",
    "PLAIN_CUSTOMERS_IF_ANY",
    "Customer",
    "CustomerFacts",
    "CustomersImported",
    "Known",
    "Person",
    "UnknownCustomersError",
    "ValuesConfirmed",
    "customer_sources",
    "customers_found",
    "ensure_customers",
    "ids_of_person",
    "known",
    "masked_persons",
    "measured_doubles",
    "persons_in",
    "phones_to_check",
    "record_people",
]
