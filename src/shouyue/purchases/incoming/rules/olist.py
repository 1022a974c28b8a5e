"""Olist's marketplace files: customers, orders and items that point at one another.

A customer is a customer_unique_id; customer_id names one order's delivery address. An item row is a piece sold and
its freight. Orders without items (never shipped) are orders all the same. Payments carry no moment: the order's stands.
"""

from collections.abc import Callable, Sequence

from shouyue.kernel import cells
from shouyue.kernel.cells import CellPlan, RowRejectedError
from shouyue.purchases.orders.rules.drafts import (
    NO_GROUP,
    Identities,
    customer_content,
    lines_content,
    order_content,
    payments_content,
)

SOURCE = "olist"
CUSTOMERS, ORDERS, ITEMS, PAYMENTS = "customers", "orders", "items", "payments"
CUSTOMER_COLUMNS = ("customer_id", "customer_unique_id", "customer_city", "customer_state")
ORDER_COLUMNS = ("order_id", "customer_id", "order_status", "order_purchase_timestamp")
ITEM_COLUMNS = ("order_id", "order_item_id", "product_id", "price", "freight_value")
PAYMENT_COLUMNS = ("order_id", "payment_sequential", "payment_type", "payment_value")
# Kept in memory while a set of files is checked; about 250 bytes each.
KEYS_MAX = 1_000_000
STATUSES = {
    "delivered": "completed",
    "canceled": "cancelled",
    "unavailable": "cancelled",
    "shipped": "placed",
    "invoiced": "placed",
    "processing": "placed",
    "approved": "placed",
    "created": "placed",
}

_Staged = tuple[str, str, list[object]]
_Parser = Callable[[Sequence[object]], _Staged]


class OlistReader:
    """Reads the files in the order customers, orders, items, payments. zone: of the clocks of Olist's platform."""

    def __init__(self, zone: str) -> None:
        self._moment = cells.local_moment(zone)
        self._ids = Identities(SOURCE)
        self._people: dict[str, str] = {}
        self._buyers: dict[str, str] = {}

    def parser(self, file: str, columns: Sequence[str]) -> _Parser:
        """Parser of a row of one of the files: (customer id, order id, staged content). Raises RowRejectedError."""
        parsers = {CUSTOMERS: self._customers, ORDERS: self._orders, ITEMS: self._items, PAYMENTS: self._payments}
        return parsers[file](columns)

    def buyer_of(self, order_id: str) -> str:
        """customer_unique_id of an order read before. Raises RowRejectedError."""
        if order_id not in self._buyers:
            raise RowRejectedError("not_in_file", "order_id", order_id)
        return self._buyers[order_id]

    def _customers(self, columns: Sequence[str]) -> _Parser:
        key = cells.text(80)
        town, state = cells.text(80, required=False), cells.text(60, required=False)
        plan = CellPlan(dict(zip(CUSTOMER_COLUMNS, (key, key, town, state), strict=True)), columns)

        def parse(row: Sequence[object]) -> _Staged:
            customer_id, unique_id, city, region = plan.read(row)
            _remember(self._people, customer_id, unique_id, "customer_id")
            return self._ids.customer(unique_id), NO_GROUP, customer_content((unique_id, "Brazil", region, city))

        return parse

    def _orders(self, columns: Sequence[str]) -> _Parser:
        key = cells.text(80)
        parsers = (key, key, cells.one_of(STATUSES), self._moment)
        plan = CellPlan(dict(zip(ORDER_COLUMNS, parsers, strict=True)), columns)

        def parse(row: Sequence[object]) -> _Staged:
            order_id, customer_id, status, placed_at = plan.read(row)
            unique_id = self._people.get(customer_id)
            if unique_id is None:
                raise RowRejectedError("not_in_file", "customer_id", customer_id)
            _remember(self._buyers, order_id, unique_id, "order_id")
            content = order_content(order_id, (unique_id,), status, placed_at)
            return self._ids.customer(unique_id), self._ids.order(order_id), content

        return parse

    def _items(self, columns: Sequence[str]) -> _Parser:
        key = cells.text(80)
        parsers = (key, cells.whole, key, cells.amount_e4, cells.amount_e4)
        plan = CellPlan(dict(zip(ITEM_COLUMNS, parsers, strict=True)), columns)

        def parse(row: Sequence[object]) -> _Staged:
            order_id, _item_id, product, price, freight = plan.read(row)
            unique_id = self.buyer_of(order_id)
            sale = ("sale", True, product, "", 1, price, None)
            fee = ("fee", False, "freight", "", 1, freight, None)
            content = lines_content(order_id, (unique_id,), (sale, fee))
            return self._ids.customer(unique_id), self._ids.order(order_id), content

        return parse

    def _payments(self, columns: Sequence[str]) -> _Parser:
        parsers = (cells.text(80), cells.key(20), cells.text(20), cells.amount_e4)
        plan = CellPlan(dict(zip(PAYMENT_COLUMNS, parsers, strict=True)), columns)

        def parse(row: Sequence[object]) -> _Staged:
            order_id, place, method, amount = plan.read(row)
            unique_id = self.buyer_of(order_id)
            content = payments_content(order_id, (unique_id,), ((place, method, amount, None),))
            return self._ids.customer(unique_id), self._ids.order(order_id), content

        return parse


def _remember(known: dict[str, str], key: str, value: str, column: str) -> None:
    if key in known:
        raise RowRejectedError("repeated_key", column, key)
    if len(known) >= KEYS_MAX:
        raise RowRejectedError("too_many_keys", column, key)
    known[key] = value
