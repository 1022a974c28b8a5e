"""A digest of all that is recorded, to compare two ways of recording."""

from typing import Final

from shouyue.customers.public import BUSINESS_COLUMNS
from shouyue.purchases.catalogue.public import CATALOGUE_COLUMNS
from shouyue.purchases.orders.public import LINE_COLUMNS
from shouyue.store.table_digest import tables_digest

_ORDERS: Final = (
    "purchases_order",
    (
        "customer_id",
        "id",
        "source",
        "number",
        "placed_at",
        "kind",
        "status",
        "currency",
        "total_e4",
        "line_count",
        "store_id",
        "channel_id",
    ),
    ("customer_id", "id"),
)
# Whose order a number is: as an import leaves it, so a second one finds it.
_TAKEN: Final = ("purchases_takennumber", ("order_id", "customer_id"), ("order_id",))
_LINES: Final = (
    "purchases_orderline",
    LINE_COLUMNS,
    ("customer_id", "id"),
)
_PAYMENTS: Final = (
    "purchases_payment",
    ("customer_id", "id", "order_id", "method", "amount_e4", "paid_at"),
    ("customer_id", "id"),
)
_LINKS: Final = (
    "purchases_returnlink",
    ("customer_id", "id", "return_line_id", "sale_line_id", "quantity"),
    ("customer_id", "id"),
)
_UNLINKED: Final = (
    "purchases_unlinkedreturn",
    ("customer_id", "id", "quantity", "reason", "sold_at"),
    ("customer_id", "id"),
)


def business_digest() -> str:
    """SHA-256 over everything that imports of purchases record: equal digests, equal records."""
    return tables_digest([BUSINESS_COLUMNS, *CATALOGUE_COLUMNS, _ORDERS, _TAKEN, _LINES, _PAYMENTS, _LINKS, _UNLINKED])
