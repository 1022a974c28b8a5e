"""UCI Online Retail (and files with its columns): each row is a line of an invoice; C invoices are returns.

What its codes mean was read from the data: POST, DOT, C2 carry goods; BANK CHARGES, AMAZONFEE, CRUK are charged by
others; M is typed by hand, D a discount, S samples, B bad debt. PADS, booked at 0.001, is a product: cushions' pads.
"""

from collections.abc import Callable, Sequence

from shouyue.kernel import cells
from shouyue.purchases.orders.rules.drafts import Identities, lines_content
from shouyue.purchases.orders.rules.lines import Codes

SOURCE = "online_retail"
COLUMNS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
CODES = Codes(
    fees=frozenset({"POST", "DOT", "C2", "BANK CHARGES", "AMAZONFEE", "CRUK"}),
    adjustments=frozenset({"M", "m", "D", "S", "B"}),
)
_RETURN_PREFIX = "C"


class OnlineRetailReader:
    """Reads the one file of this mapping. zone: of the clocks that wrote InvoiceDate."""

    def __init__(self, zone: str) -> None:
        self._moment = cells.local_moment(zone, "%m/%d/%Y %H:%M")
        self._ids = Identities(SOURCE)

    def parser(self, _file: str, columns: Sequence[str]) -> Callable[[Sequence[object]], tuple[str, str, list[object]]]:
        """Parser of a row: (customer id, order id, staged content). It raises RowRejectedError."""
        plan = cells.CellPlan(
            {
                "InvoiceNo": cells.key(80),
                "StockCode": cells.text(80),
                "Description": cells.text(300, required=False),
                "Quantity": cells.whole,
                "InvoiceDate": self._moment,
                "UnitPrice": cells.amount_e4,
                "CustomerID": cells.key(80, required=False),
                "Country": cells.text(60, required=False),
            },
            columns,
        )
        ids, kind_of, is_product = self._ids, CODES.kind, CODES.is_product

        def parse(row: Sequence[object]) -> tuple[str, str, list[object]]:
            number, item, description, quantity, sold_at, price, customer, country = plan.read(row)
            kind = kind_of(item, quantity=quantity, unit_price_e4=price, in_return=number[0] == _RETURN_PREFIX)
            line = (kind, is_product(item), item, description, quantity, price, sold_at)
            content = lines_content(number, (customer, country), (line,))
            return ids.buyer(customer, number), ids.order(number), content

        return parse
