"""The door of contacts."""

from shouyue.customers.contacts.queries import Contact, Reachable, contacts_of

__all__ = ["Contact", "Reachable", "contacts_of"]
