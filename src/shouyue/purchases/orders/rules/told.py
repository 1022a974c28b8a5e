"""An order told in one piece by a program, as the draft that is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from shouyue.kernel.ids import keyed_id
from shouyue.purchases.orders.rules.drafts import (
    CustomerDraft,
    Identities,
    LineDraft,
    OrderDraft,
    PaymentDraft,
    summed,
)
from shouyue.purchases.orders.rules.lines import Codes

# Beyond this, programs that keep numbers as doubles no longer see the same amount.
TOTAL_E4_MAX = 2**53 - 1
_CODES = Codes()


class TotalTooLargeError(ValueError):
    """An order, or a line of it, whose amount is beyond TOTAL_E4_MAX either way."""


@dataclass(frozen=True, slots=True)
class ToldLine:
    """quantity < 0 takes goods back; undoes: the id of the line that it names."""

    item: str
    description: str
    quantity: int
    unit_price_e4: int
    undoes: str | None = None


@lru_cache(maxsize=64)
def identities(source: str) -> Identities:
    return Identities(source)


def line_id(order_id: str, line_no: int) -> str:
    """The id of a line of an order, as text."""
    return str(keyed_id(UUID(order_id), str(line_no)))


def utc_text(at: datetime) -> str:
    """A moment as drafts hold it."""
    return at.astimezone(UTC).isoformat(sep=" ")


def order_told(
    *,
    source: str,
    number: str,
    customer: CustomerDraft,
    placed_at: datetime,
    currency: str,
    status: str | None,
    lines: Sequence[ToldLine],
    place: Sequence[str] = ("", ""),
    payments: Sequence[PaymentDraft] = (),
) -> OrderDraft:
    """The draft of an order; the same words give the same ids as a file of that source would.

    status: None when it is not told (then: completed). lines: at least one. place: codes of store and channel.
    Raises TotalTooLargeError.
    """
    ids = identities(source)
    customer_id, order_id = ids.buyer(customer.key, number), ids.order(number)
    at = utc_text(placed_at)
    drafts = [
        LineDraft(_kind(line), True, line.item, line.description, line.quantity, line.unit_price_e4, at, line.undoes)
        for line in lines
    ]
    amounts = [line.quantity * line.unit_price_e4 for line in lines]
    if max(map(abs, [*amounts, sum(amounts)])) > TOTAL_E4_MAX:
        raise TotalTooLargeError(number)
    (store, channel), told = place, status or "completed"
    draft = OrderDraft(
        order_id, customer_id, number, customer, told, bool(status), at, currency, drafts, store, channel
    )
    draft.payments = summed(payments, at) if payments else []
    return draft


def sale_told(
    *,
    source: str,
    number: str,
    customer_number: str,
    placed_at: datetime,
    currency: str,
    lines: Sequence[tuple[str, str, int, int]],
) -> OrderDraft:
    """`order_told` of a completed order in plain values. lines: (item, description, quantity, unit price in e4)."""
    return order_told(
        source=source,
        number=number,
        customer=CustomerDraft(customer_number),
        placed_at=placed_at,
        currency=currency,
        status=None,
        lines=[ToldLine(*line) for line in lines],
    )


def _kind(line: ToldLine) -> str:
    is_return = line.quantity < 0
    return _CODES.kind(line.item, quantity=line.quantity, unit_price_e4=line.unit_price_e4, in_return=is_return)
