"""The door of the purchases room."""

from shouyue.purchases.catalogue.public import PLAIN_CATALOGUE, CategoryTree
from shouyue.purchases.figures.public import (
    Goods,
    bought_by,
    business_digest,
    buyers_of,
    data_until,
    goods_kept,
    pieces_beyond,
    purchase_days,
    spend_by_day,
)
from shouyue.purchases.incoming.public import (
    OLIST_STEPS,
    ONLINE_RETAIL_PURCHASES,
    PLAIN_PURCHASES,
    PurchasesImported,
)
from shouyue.purchases.orders.public import OrdersRecorded, Recording, record_orders, sale_told
from shouyue.purchases.undoing.public import OrdersTakenBack

__all__ = [
    "OLIST_STEPS",
    "ONLINE_RETAIL_PURCHASES",
    "PLAIN_CATALOGUE",
    "PLAIN_PURCHASES",
    "CategoryTree",
    "Goods",
    "OrdersRecorded",
    "OrdersTakenBack",
    "PurchasesImported",
    "Recording",
    "bought_by",
    "business_digest",
    "buyers_of",
    "data_until",
    "goods_kept",
    "pieces_beyond",
    "purchase_days",
    "record_orders",
    "sale_told",
    "spend_by_day",
]
