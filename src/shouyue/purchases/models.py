"""The records of the whole wing, for Django."""

from shouyue.purchases.catalogue.models import Category, Channel, Product, Store
from shouyue.purchases.orders.models import (
    LineKind,
    Order,
    OrderKind,
    OrderLine,
    OrderStatus,
    Payment,
    ReturnLink,
    UnlinkedReason,
    UnlinkedReturn,
)

__all__ = [
    "Category",
    "Channel",
    "LineKind",
    "Order",
    "OrderKind",
    "OrderLine",
    "OrderStatus",
    "Payment",
    "Product",
    "ReturnLink",
    "Store",
    "UnlinkedReason",
    "UnlinkedReturn",
]
