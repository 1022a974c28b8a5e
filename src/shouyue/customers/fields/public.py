"""The door of fields."""

from shouyue.customers.fields.actions import Declared, declare_field, set_value
from shouyue.customers.fields.models import CustomField
from shouyue.customers.fields.queries import asked_fields, values_of

__all__ = ["CustomField", "Declared", "asked_fields", "declare_field", "set_value", "values_of"]
