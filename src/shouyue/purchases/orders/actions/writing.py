"""The rows of fresh orders (by COPY where they are many), and the entries of the catalogue that they name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Final
from uuid import UUID

import orjson

from shouyue.kernel.ids import keyed_hex
from shouyue.purchases.catalogue.public import ensure_channels, ensure_products, ensure_stores, product_ids
from shouyue.purchases.orders.queries.figures import LINE_COLUMNS
from shouyue.purchases.orders.rules.drafts import OrderDraft, PaymentDraft
from shouyue.purchases.orders.rules.named import products_named
from shouyue.store.copying import copy_rows, escaped
from shouyue.store.prepared import executed

_NULL: Final = "\\N"
_FEW: Final = 100  # orders that are inserted rather than copied


# Store and channel of an order; None where it tells none.
Place = tuple[UUID | None, UUID | None]


def places_of(orders: Sequence[OrderDraft], source: str) -> dict[str, Place]:
    """By order: the store and the channel that it tells; they are in the catalogue afterwards."""
    stores = ensure_stores(source, (order.store for order in orders))
    channels = ensure_channels(source, (order.channel for order in orders))
    return {order.id: (stores.get(order.store), channels.get(order.channel)) for order in orders}


def write_orders(
    orders: Sequence[OrderDraft], places: Mapping[str, Place], *, source: str, run_id: UUID | None, batch_id: UUID
) -> None:
    """Append fresh orders of one source with their lines and payments; make their products known to the catalogue."""
    ensure_products(source, products_named(orders))
    if len(orders) <= _FEW:
        _insert(orders, places, source=source, run_id=run_id, batch_id=batch_id)
        return
    ids = f"{run_id or _NULL}\t{batch_id}"
    heads = (_order_line(order, source, ids, places[order.id]) for order in orders)
    copy_rows("purchases_order", _ORDER, heads)
    product_id = product_ids(source)
    copy_rows(
        "purchases_orderline", LINE_COLUMNS, chain.from_iterable(_line_lines(order, product_id) for order in orders)
    )
    write_payments([(order, payment) for order in orders for payment in order.payments])


def _insert(
    orders: Sequence[OrderDraft], places: Mapping[str, Place], *, source: str, run_id: UUID | None, batch_id: UUID
) -> None:
    """What `write_orders` copies, in one statement: two COPY cost a till more than its sale."""
    product_id = product_ids(source)
    heads = [_head(order, places[order.id]) for order in orders]
    lines = [line for order in orders for line in _lines(order, product_id)]
    values = [orjson.dumps(heads).decode(), source, run_id, batch_id, orjson.dumps(lines).decode()]
    executed(_INSERT, values)
    write_payments([(order, payment) for order in orders for payment in order.payments])


def _head(order: OrderDraft, place: Place) -> dict[str, object]:
    return {
        "customer_id": order.customer_id,
        "id": order.id,
        "number": order.number,
        "placed_at": order.placed_at,
        "kind": order.kind,
        "status": order.status,
        "currency": order.currency,
        "total_e4": order.total_e4,
        "line_count": len(order.lines),
        "content": f"\\x{order.content().hex()}",
        "store_id": place[0],
        "channel_id": place[1],
    }


def _lines(order: OrderDraft, product_id: Callable[[str], str]) -> Iterable[dict[str, object]]:
    namespace = UUID(order.id)
    for number, line in enumerate(order.lines, start=1):
        yield {
            "customer_id": order.customer_id,
            "id": keyed_hex(namespace, str(number)),
            "order_id": order.id,
            "line_no": number,
            "kind": line.kind,
            "is_product": line.is_product,
            "item": line.item,
            "description": line.description,
            "quantity": line.quantity,
            "unit_price_e4": line.unit_price_e4,
            "amount_e4": line.quantity * line.unit_price_e4,
            "sold_at": line.sold_at,
            "product_id": product_id(line.item) if line.is_product else None,
            "undoes_id": line.undoes,
        }


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
_INSERT = """
WITH heads AS (
    INSERT INTO purchases_order (customer_id, id, source, number, placed_at, kind, status, currency, total_e4,
        line_count, content, run_id, batch_id, store_id, channel_id)
    SELECT customer_id, id, given.source, number, placed_at, kind, status, currency, total_e4, line_count, content,
        given.run_id, given.batch_id, store_id, channel_id
    FROM json_to_recordset(%s::json) AS told (customer_id uuid, id uuid, number text, placed_at timestamptz, kind text,
        status text, currency text, total_e4 bigint, line_count int, content bytea, store_id uuid, channel_id uuid),
        (SELECT %s::text AS source, %s::uuid AS run_id, %s::uuid AS batch_id) AS given
)
INSERT INTO purchases_orderline (customer_id, id, order_id, line_no, kind, is_product, item, description, quantity,
    unit_price_e4, amount_e4, sold_at, product_id, undoes_id)
SELECT * FROM json_to_recordset(%s::json) AS told (customer_id uuid, id uuid, order_id uuid, line_no int, kind text,
    is_product bool, item text, description text, quantity bigint, unit_price_e4 bigint, amount_e4 bigint,
    sold_at timestamptz, product_id uuid, undoes_id uuid)
"""
