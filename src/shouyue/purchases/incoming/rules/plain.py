"""Shouyue's own columns of orders, for whoever can choose how a file is written. Their list of customers is read below.

A row of orders is a line; a negative quantity takes goods back. An empty customer_no is a till sale. Further columns,
each optional: item_name, store and channel by their codes, and paid_by, the method by which the line was paid.
"""

from collections.abc import Callable, Sequence

from shouyue.kernel import cells
from shouyue.kernel.cells import CellPlan
from shouyue.purchases.orders.rules.drafts import Identities, lines_content
from shouyue.purchases.orders.rules.lines import Codes

SOURCE = "plain"
ORDERS = "orders"
ORDER_COLUMNS = ("order_no", "customer_no", "ordered_at", "item_code", "quantity", "unit_price")

_Staged = tuple[str, str, list[object]]
_Parser = Callable[[Sequence[object]], _Staged]
_CODES = Codes()


class PlainReader:
    """Reads orders; each line names its customer itself. zone: of the clocks of ordered_at."""

    def __init__(self, zone: str) -> None:
        self._moment = cells.local_moment(zone)
        self._ids = Identities(SOURCE)

    def parser(self, file: str, columns: Sequence[str]) -> _Parser:
        """Parser of a row of one of the files: (customer id, order id, staged content). Raises RowRejectedError."""
        del file
        return self._orders(columns)

    def _orders(self, columns: Sequence[str]) -> _Parser:
        parsers = {
            "order_no": cells.key(80),
            "customer_no": cells.key(80, required=False),
            "ordered_at": self._moment,
            "item_code": cells.text(80),
            "item_name": cells.text(300, required=False),
            "quantity": cells.whole,
            "unit_price": cells.amount_e4,
            "store": cells.text(80, required=False),
            "channel": cells.text(80, required=False),
            "paid_by": cells.text(20, required=False),
        }
        plan = CellPlan(parsers, columns)

        def parse(row: Sequence[object]) -> _Staged:
            number, customer, sold_at, item, name, quantity, price, store, channel, method = plan.read(row)
            kind = _CODES.kind(item, quantity=quantity, unit_price_e4=price, in_return=quantity < 0)
            place = (store, channel) if store or channel else ()
            paid = ((method, method, quantity * price, sold_at),) if method else ()
            line = (kind, True, item, name, quantity, price, sold_at)
            content = lines_content(number, (customer,), (line,), place, paid)
            return self._ids.buyer(customer, number), self._ids.order(number), content

        return parse
