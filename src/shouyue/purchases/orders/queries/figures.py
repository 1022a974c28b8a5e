"""Figures about what is recorded: counts, and a digest to compare two ways of recording."""

from typing import Final

from django.db import connection

from shouyue.customers.public import BUSINESS_COLUMNS
from shouyue.purchases.catalogue.public import CATALOGUE_COLUMNS
from shouyue.store.table_digest import tables_digest

# All that a line says; it is written whole by imports, too.
LINE_COLUMNS: Final = (
    "customer_id",
    "id",
    "order_id",
    "line_no",
    "kind",
    "is_product",
    "item",
    "description",
    "quantity",
    "unit_price_e4",
    "amount_e4",
    "sold_at",
    "product_id",
    "undoes_id",
)
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
    return tables_digest([BUSINESS_COLUMNS, *CATALOGUE_COLUMNS, _ORDERS, _LINES, _PAYMENTS, _LINKS, _UNLINKED])


def unlinked_by_reason() -> dict[str, int]:
    """Number of returns that are not, or not wholly, linked, by reason."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason, count(*) FROM purchases_unlinkedreturn GROUP BY reason ORDER BY reason")
        return dict(cursor.fetchall())
