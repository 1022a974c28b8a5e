"""The records of the whole wing, for Django."""

from shouyue.purchases.catalogue.models import (
    Category,
    Channel,
    EntryEdit,
    EntryKind,
    EntryWords,
    NamedEntry,
    Product,
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
    "EntryEdit",
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
    "ReturnLink",
    "Store",
    "TakenNumber",
    "UnlinkedReason",
    "UnlinkedReturn",
]
