"""From rows of a file to whole orders: what a mapping says of each row, put together order by order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from shouyue.kernel.ids import keyed_text, source_namespace

# Content of a staged row: a tag and the fields of one of the tuples below, in JSON's own types.
CUSTOMER, ORDER, LINES, PAYMENTS = "c", "o", "l", "p"
Content = Sequence[object]

NO_GROUP: Final = str(UUID(int=0))


class LineDraft(NamedTuple):
    """One line. sold_at: UTC text as `kernel.cells.local_moment` gives it; None means the moment of the order.

    undoes: the id of the line that a return names; None when it names none.
    """

    kind: str
    is_product: bool
    item: str
    description: str
    quantity: int
    unit_price_e4: int
    sold_at: str | None
    undoes: str | None = None


class PaymentDraft(NamedTuple):
    """One payment of an order; a negative amount is money given back. key: tells it from the order's other payments.

    paid_at: UTC text; None means the moment of the order.
    """

    key: str
    method: str
    amount_e4: int
    paid_at: str | None


class CustomerDraft(NamedTuple):
    """What a row says of a customer. key: the source's own; "" for nobody known."""

    key: str
    country: str = ""
    region: str = ""
    city: str = ""


@dataclass(slots=True)
class OrderDraft:
    """An order ready to be recorded. `rows`: places in the batch of the rows that it was made of.

    store, channel: codes of the source; "" when not told.
    """

    id: str
    customer_id: str
    number: str
    customer: CustomerDraft
    status: str
    status_is_told: bool
    placed_at: str
    currency: str
    lines: list[LineDraft]
    store: str = ""
    channel: str = ""
    payments: list[PaymentDraft] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    _content: bytes = b""

    @property
    def kind(self) -> str:
        """`return` if a line is one; `sale` if something was sold, or no line is known; else `adjustment`."""
        kinds = {line.kind for line in self.lines}
        if "return" in kinds:
            return "return"
        return "sale" if "sale" in kinds or not kinds else "adjustment"

    @property
    def total_e4(self) -> int:
        """Sum of the lines in 1/10,000 of the currency unit."""
        return sum(line.quantity * line.unit_price_e4 for line in self.lines)

    def content(self) -> bytes:
        """16-byte digest of what was ordered; status, place and payments, which may come later, are left out."""
        if not self._content:
            # What few orders tell is added only where it is told, so that the digests of the others stay.
            lines = (line[:7] if line.undoes is None else line[:8] for line in self.lines)
            told: list[object] = [self.number, self.placed_at, self.currency, *lines]
            self._content = blake2b(orjson.dumps(told), digest_size=16).digest()
        return self._content


class Identities:
    """The ids that one source's keys stand for."""

    def __init__(self, source: str) -> None:
        customers = source_namespace(f"{source}:customer")
        nobody = source_namespace(f"{source}:anonymous")
        orders = source_namespace(f"{source}:order")

        @lru_cache(maxsize=4_096)
        def customer(key: str) -> str:
            return keyed_text(customers, key)

        @lru_cache(maxsize=4_096)
        def order(number: str) -> str:
            return keyed_text(orders, number)

        @lru_cache(maxsize=4_096)
        def anonymous(number: str) -> str:
            return keyed_text(nobody, number)

        self.customer, self.order, self.anonymous = customer, order, anonymous

    def buyer(self, customer_key: str, number: str) -> str:
        """The customer's id; without a key, that of the anonymous subject of this one order."""
        return self.customer(customer_key) if customer_key else self.anonymous(number)


def customer_content(customer: Sequence[str]) -> list[object]:
    """Staged content of a row of a list of customers. customer: the fields of a CustomerDraft."""
    return [CUSTOMER, *customer]


def order_content(
    number: str, customer: Sequence[str], status: str, placed_at: str, place: Sequence[str] = ()
) -> list[object]:
    """Staged content of a row that tells of an order as a whole; every row of the order repeats number and customer.

    place: codes of its store and its channel, if they are told.
    """
    return [ORDER, number, customer, status, placed_at, place]


def lines_content(
    number: str,
    customer: Sequence[str],
    lines: Sequence[Sequence[object]],
    place: Sequence[str] = (),
    payments: Sequence[Sequence[object]] = (),
) -> list[object]:
    """Staged content of a row that holds lines of an order. lines, payments: the fields of their drafts."""
    content: list[object] = [LINES, number, customer, lines]
    return [*content, place, payments] if place or payments else content


def payments_content(number: str, customer: Sequence[str], payments: Sequence[Sequence[object]]) -> list[object]:
    """Staged content of a row that holds payments of an order. payments: the fields of PaymentDrafts."""
    return [PAYMENTS, number, customer, payments]


def assemble(
    rows: Iterable[tuple[str, str, Content]], *, currency: str
) -> tuple[list[tuple[str, CustomerDraft, int]], list[OrderDraft]]:
    """Customers told by rows of their own (id, draft, place of the row), and orders with their lines.

    rows: (customer id, order id, content) with the rows of one order together, its head first.
    """
    customers: list[tuple[str, CustomerDraft, int]] = []
    orders: list[OrderDraft] = []
    order: OrderDraft | None = None
    for place, (customer_id, order_id, content) in enumerate(rows):
        if content[0] == CUSTOMER:
            customers.append((customer_id, CustomerDraft(*content[1:]), place))  # type: ignore[arg-type] # staged text
            continue
        if order is None or order.id != order_id:
            order = _opened(customer_id, order_id, content, currency)
            orders.append(order)
        order.rows.append(place)
        _take(order, content)
    for order in orders:
        _settle(order)
    return customers, orders


def _opened(customer_id: str, order_id: str, content: Content, currency: str) -> OrderDraft:
    is_head = content[0] == ORDER
    status = str(content[3]) if is_head and content[3] else None
    return OrderDraft(
        id=order_id,
        customer_id=customer_id,
        number=str(content[1]),
        customer=CustomerDraft(*content[2]),  # type: ignore[misc] # staged lists
        status=status or "completed",
        status_is_told=status is not None,
        placed_at=str(content[4]) if is_head and content[4] else "",
        currency=currency,
        lines=[],
    )


def _take(order: OrderDraft, content: Any) -> None:
    """Add what a row tells of the order: lines, payments, its place."""
    place: Sequence[str] = ()
    if content[0] == LINES:
        order.lines += [LineDraft(*line) for line in content[3]]
        if len(content) > 4:
            place = content[4]
            order.payments += [PaymentDraft(*one) for one in content[5]]
    elif content[0] == PAYMENTS:
        order.payments += [PaymentDraft(*one) for one in content[3]]
    else:
        place = content[5]
    if place:
        order.store, order.channel = order.store or place[0], order.channel or place[1]


def _settle(order: OrderDraft) -> None:
    """Give the order the moment of its earliest line if none was told, and lines and payments without a moment the
    order's; payments under one key are one payment."""
    if not order.placed_at:
        order.placed_at = min(line.sold_at for line in order.lines if line.sold_at)
    if any(line.sold_at is None for line in order.lines):
        order.lines = [line if line.sold_at else line._replace(sold_at=order.placed_at) for line in order.lines]
    if order.payments:
        order.payments = summed(order.payments, order.placed_at)


def summed(payments: Sequence[PaymentDraft], placed_at: str) -> list[PaymentDraft]:
    """One payment for each key, with the moment of the order where none is told."""
    if len(payments) == 1 and payments[0].paid_at:
        return list(payments)
    by_key: dict[str, PaymentDraft] = {}
    for one in payments:
        known = by_key.get(one.key)
        amount = one.amount_e4 + (known.amount_e4 if known else 0)
        by_key[one.key] = (known or one)._replace(amount_e4=amount, paid_at=(known or one).paid_at or placed_at)
    return list(by_key.values())
