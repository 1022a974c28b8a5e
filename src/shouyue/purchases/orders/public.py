"""The door of orders."""

from shouyue.purchases.orders.actions.linking import relink_returns
from shouyue.purchases.orders.actions.recording import DIFFERS, ELSEWHERE, Recorded, Recording, record_orders
from shouyue.purchases.orders.actions.writing import LINE_COLUMNS
from shouyue.purchases.orders.facts import OrdersRecorded
from shouyue.purchases.orders.rules.drafts import CustomerDraft, OrderDraft, assemble
from shouyue.purchases.orders.rules.told import sale_told

__all__ = [
    "DIFFERS",
    "ELSEWHERE",
    "LINE_COLUMNS",
    "CustomerDraft",
    "OrderDraft",
    "OrdersRecorded",
    "Recorded",
    "Recording",
    "assemble",
    "record_orders",
    "relink_returns",
    "sale_told",
]
