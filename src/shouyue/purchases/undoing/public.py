"""The door of undos."""

from shouyue.purchases.undoing.actions.remembering import record_imported
from shouyue.purchases.undoing.actions.taking_back import take_back
from shouyue.purchases.undoing.actions.unnaming import take_back_entries
from shouyue.purchases.undoing.facts import OrdersTakenBack

__all__ = ["OrdersTakenBack", "record_imported", "take_back", "take_back_entries"]
