"""The door of orders."""

from shouyue.purchases.orders.actions.linking import relink_returns
from shouyue.purchases.orders.actions.recording import DIFFERS, Recorded, Recording, record_orders
from shouyue.purchases.orders.facts import OrdersRecorded
from shouyue.purchases.orders.queries.figures import business_digest
from shouyue.purchases.orders.queries.goods import Goods, buyers_of, goods_kept, pieces_beyond
from shouyue.purchases.orders.queries.loyalty import data_until, purchase_days
from shouyue.purchases.orders.queries.spend import bought_by, spend_by_day
from shouyue.purchases.orders.rules.drafts import CustomerDraft, OrderDraft, assemble
from shouyue.purchases.orders.rules.told import sale_told

__all__ = [
    "DIFFERS",
    "CustomerDraft",
    "Goods",
    "OrderDraft",
    "OrdersRecorded",
    "Recorded",
    "Recording",
    "assemble",
    "bought_by",
    "business_digest",
    "buyers_of",
    "data_until",
    "goods_kept",
    "pieces_beyond",
    "purchase_days",
    "record_orders",
    "relink_returns",
    "sale_told",
    "spend_by_day",
]
