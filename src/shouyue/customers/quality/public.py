"""The door of quality."""

from shouyue.customers.quality.actions.confirming import NothingToConfirmError, ValuesChangedError, confirm_values
from shouyue.customers.quality.facts import ValuesConfirmed
from shouyue.customers.quality.queries.standings import phones_to_check

__all__ = ["NothingToConfirmError", "ValuesChangedError", "ValuesConfirmed", "confirm_values", "phones_to_check"]
