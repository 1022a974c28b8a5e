"""The rows of fresh orders (by COPY where they are many), and the entries of the catalogue that they name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Final
from uuid import UUID

from shouyue.kernel.ids import keyed_hex
from shouyue.purchases.catalogue.public import ensure_channels, ensure_products, ensure_stores, product_ids
from shouyue.purchases.orders.rules.drafts import OrderDraft, PaymentDraft
from shouyue.purchases.orders.rules.named import products_named
from shouyue.store.copying import copy_rows, escaped, insert_rows

_NULL: Final = "\\N"
_FEW: Final = 100  # orders that are inserted rather than copied

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
# Store and channel of an order; None where it tells none.
Place = tuple[UUID | None, UUID | None]


def places_of(orders: Sequence[OrderDraft], source: str, run_id: UUID | None = None) -> dict[str, Place]:
    """By order: the store and the channel that it tells; they are in the catalogue afterwards. run_id: the import."""
    stores = ensure_stores(source, (order.store for order in orders), run_id=run_id)
    channels = ensure_channels(source, (order.channel for order in orders), run_id=run_id)
    return {order.id: (stores.get(order.store), channels.get(order.channel)) for order in orders}


def write_orders(
    orders: Sequence[OrderDraft], places: Mapping[str, Place], *, source: str, run_id: UUID | None, batch_id: UUID
) -> None:
    """Append fresh orders of one source with their lines and payments; make their products known to the catalogue."""
    ensure_products(source, products_named(orders), run_id=run_id)
    ids = f"{run_id or _NULL}\t{batch_id}"
    heads = (_order_line(order, source, ids, places[order.id]) for order in orders)
    product_id = product_ids(source)
    lines = chain.from_iterable(_line_lines(order, product_id) for order in orders)
    tables = [("purchases_order", _ORDER, heads), ("purchases_orderline", LINE_COLUMNS, lines)]
    if len(orders) <= _FEW:
        insert_rows(tables)
    else:
        for table, columns, rows in tables:
            copy_rows(table, columns, rows)
    write_payments([(order, payment) for order in orders for payment in order.payments])


def write_payments(payments: Sequence[tuple[OrderDraft, PaymentDraft]]) -> None:
    """Append payments that are not known yet."""
    if payments:
        copy_rows("purchases_payment", _PAYMENT, (_payment_line(order, one) for order, one in payments))


def payment_id(order: OrderDraft, payment: PaymentDraft) -> str:
    """The id of a payment, as 32 hexadecimal digits."""
    return keyed_hex(UUID(order.id), f"payment {payment.key}")


def _order_line(order: OrderDraft, source: str, ids: str, place: Place) -> str:
    return (
        f"{order.customer_id}\t{order.id}\t{source}\t{escaped(order.number)}\t{order.placed_at}\t{order.kind}\t"
        f"{order.status}\t{order.currency}\t{order.total_e4}\t{len(order.lines)}\t\\\\x{order.content().hex()}\t{ids}\t"
        f"{place[0] or _NULL}\t{place[1] or _NULL}"
    )


def _line_lines(order: OrderDraft, product_id: Callable[[str], str]) -> Iterable[str]:
    namespace, head = UUID(order.id), order.customer_id
    for number, line in enumerate(order.lines, start=1):
        kind, is_product, item, description, quantity, price, sold_at, undoes = line
        yield (
            f"{head}\t{keyed_hex(namespace, str(number))}\t{order.id}\t{number}\t{kind}\t{'t' if is_product else 'f'}\t"
            f"{escaped(item)}\t{escaped(description)}\t{quantity}\t{price}\t{quantity * price}\t{sold_at}\t"
            f"{product_id(item) if is_product else _NULL}\t{undoes or _NULL}"
        )


def _payment_line(order: OrderDraft, payment: PaymentDraft) -> str:
    return (
        f"{order.customer_id}\t{payment_id(order, payment)}\t{order.id}\t{escaped(payment.method)}\t"
        f"{payment.amount_e4}\t{payment.paid_at}"
    )


_ORDER = (
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
    "content",
    "run_id",
    "batch_id",
    "store_id",
    "channel_id",
)
_PAYMENT = ("customer_id", "id", "order_id", "method", "amount_e4", "paid_at")
