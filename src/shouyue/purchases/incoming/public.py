"""The door of imports of purchases."""

from shouyue.purchases.incoming.actions.importing import OLIST_STEPS, ONLINE_RETAIL_PURCHASES, PLAIN_PURCHASES
from shouyue.purchases.incoming.facts import PurchasesImported, PurchasesImportUndone

__all__ = [
    "OLIST_STEPS",
    "ONLINE_RETAIL_PURCHASES",
    "PLAIN_PURCHASES",
    "PurchasesImportUndone",
    "PurchasesImported",
]
