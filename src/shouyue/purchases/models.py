"""The records of the whole wing, for Django."""

from shouyue.purchases.catalogue.models import (
    Category,
    Channel,
    EntryKind,
    EntryWords,
    NamedEntry,
    Product,
    ProductEdit,
    Store,
)
from shouyue.purchases.orders.models import (
    LineKind,
    Order,
    OrderKind,
    OrderLine,
    OrderStatus,
    Payment,
    ReturnLink,
    TakenNumber,
    UnlinkedReason,
    UnlinkedReturn,
)
from shouyue.purchases.undoing.models import OrderChange

__all__ = [
    "Category",
    "Channel",
    "EntryKind",
    "EntryWords",
    "LineKind",
    "NamedEntry",
    "Order",
    "OrderChange",
    "OrderKind",
    "OrderLine",
    "OrderStatus",
    "Payment",
    "Product",
    "ProductEdit",
    "ReturnLink",
    "Store",
    "TakenNumber",
    "UnlinkedReason",
    "UnlinkedReturn",
]
