"""The door of people."""

from shouyue.customers.people.actions.ensuring import CustomerFacts, ensure_customers
from shouyue.customers.people.actions.people import UnknownCustomersError, record_people
from shouyue.customers.people.actions.standing import (
    Earlier,
    Standing,
    put_back,
    remove_customers,
    standing_of,
)
from shouyue.customers.people.facts import PeopleRecorded
from shouyue.customers.people.models import Customer, CustomerKind, Person
from shouyue.customers.people.queries import (
    BUSINESS_COLUMNS,
    customer_sources,
    customers_found,
    known,
    masked_persons,
    persons_in,
)
from shouyue.customers.people.rules.people import Known

__all__ = [
    "BUSINESS_COLUMNS",
    "Customer",
    "CustomerFacts",
    "CustomerKind",
    "Earlier",
    "Known",
    "PeopleRecorded",
    "Person",
    "Standing",
    "UnknownCustomersError",
    "customer_sources",
    "customers_found",
    "ensure_customers",
    "known",
    "masked_persons",
    "persons_in",
    "put_back",
    "record_people",
    "remove_customers",
    "standing_of",
]
