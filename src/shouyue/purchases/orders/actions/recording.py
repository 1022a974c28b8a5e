"""Record orders: one code path for a single purchase and for ten million of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, groupby
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from shouyue.customers import public as customers
from shouyue.kernel.merkle import merkle_root
from shouyue.purchases.orders.actions.linking import relink_returns
from shouyue.purchases.orders.actions.writing import Place, payment_id, places_of, write_orders, write_payments
from shouyue.purchases.orders.facts import OrdersRecorded
from shouyue.purchases.orders.rules.drafts import NO_GROUP, CustomerDraft, OrderDraft, PaymentDraft
from shouyue.store import facts
from shouyue.store.copying import plain_array
from shouyue.store.prepared import fetched

CREATED: Final = "created"
UPDATED: Final = "updated"
UNCHANGED: Final = "unchanged"
DIFFERS: Final = "differs"
ELSEWHERE: Final = "elsewhere"


@dataclass(frozen=True, slots=True)
class Recording:
    """Where orders come from. batch_id: of this call's fact. run_id: the import, if it is one."""

    source: str
    batch_id: UUID
    run_id: UUID | None
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Outcomes by id: of orders created, updated, unchanged, differs or elsewhere; of customers as told."""

    orders: dict[str, str]
    customers: dict[UUID, str]


@transaction.atomic(savepoint=False)
def record_orders(
    orders: Sequence[OrderDraft],
    *,
    recording: Recording,
    told: Iterable[tuple[str, CustomerDraft]] = (),
    buyers_are_known: bool = False,
    look: Callable[[list[UUID]], object] | None = None,
) -> Recorded:
    """Record orders with their lines, link returns anew for the customers concerned, and announce it.

    orders: sorted by customer, each id once. An order known already with the same content is unchanged, or updated if
    its status moved on, a payment is new, or its store or channel was not told before; with other content or in another
    place it differs and stays as it was recorded. A number that another customer has is refused: elsewhere. If both are
    one person it is the order that stands there, and the draft then names that customer.
    told: customers (id, what is known) besides those that the orders name.
    buyers_are_known: the caller knows that all of them are recorded already. look: as of `ensure_customers`.
    """
    buyers = _customers(orders, recording.source, told)
    people = customers.ensure_customers(buyers, are_known=buyers_are_known, look=look)
    known, elsewhere, with_returns = _known(orders)
    places = places_of(orders, recording.source, recording.run_id)
    outcomes = {order.id: _outcome(order, known.get(order.id), places[order.id]) for order in orders}
    outcomes |= dict.fromkeys(elsewhere, ELSEWHERE)
    payments = _new_payments(orders, outcomes)
    fresh = [order for order in orders if outcomes[order.id] == CREATED]
    if fresh:
        write_orders(fresh, places, source=recording.source, run_id=recording.run_id, batch_id=recording.batch_id)
    write_payments(payments)
    updated = [
        (order, order.status if order.status_is_told else known[order.id].status)
        for order in orders
        if outcomes[order.id] == UPDATED
    ]
    _move(updated, places, recording)
    _relink(fresh, with_returns)
    if fresh or updated:
        moved = sum(status != known[order.id].status for order, status in updated)
        fact = _fact(fresh, updated, recording, status_changed=moved)
        facts.announce(replace(fact, payments=fact.payments + len(payments)), at=recording.at, by=recording.by)
    return Recorded(outcomes, people)


def _customers(
    orders: Sequence[OrderDraft], source: str, told: Iterable[tuple[str, CustomerDraft]]
) -> Iterable[customers.CustomerFacts]:
    listed = (_facts(customer_id, source, draft, draft.key, None) for customer_id, draft in told)
    return chain(listed, _buyers(orders, source))


def _buyers(orders: Sequence[OrderDraft], source: str) -> Iterator[customers.CustomerFacts]:
    """What orders tell of their buyers: of several that tell the same, the first and the last moment say it all."""
    for (customer_id, draft), same in groupby(orders, key=lambda order: (order.customer_id, order.customer)):
        moments = {datetime.fromisoformat(order.placed_at): order.number for order in same}
        for placed_at in dict.fromkeys((min(moments), max(moments))):
            yield _facts(customer_id, source, draft, moments[placed_at], placed_at)


def _facts(
    customer_id: str, source: str, draft: CustomerDraft, number: str, at: datetime | None
) -> customers.CustomerFacts:
    """Who a draft speaks of; without a key it is the anonymous subject of the order with that number."""
    return customers.CustomerFacts(
        id=UUID(customer_id),
        source=source,
        source_key=draft.key or f"order {number}",
        kind="unknown" if draft.key else "anonymous",
        country=draft.country,
        region=draft.region,
        city=draft.city,
        seen_at=at,
    )


class _Known(NamedTuple):
    """What an order is that is recorded already."""

    content: bytes
    status: str
    place: Place


def _known(orders: Sequence[OrderDraft]) -> tuple[dict[str, _Known], set[str], set[str]]:
    """The orders that are recorded already, the orders that stand elsewhere, and the buyers of whom a return is.

    Numbers that nobody had are the buyer's from now on; whoever tells one at the same moment waits here, and then has
    it not.
    """
    buyers = [order.customer_id for order in orders]
    values = [plain_array(buyers), plain_array(order.id for order in orders), plain_array(dict.fromkeys(buyers))]
    known: dict[str, _Known] = {}
    with_returns: set[str] = set()
    taken: set[str] = set()
    for customer_id, order_id, content, status, *place in fetched(_KNOWN, values, rows=len(orders)):
        if order_id is None:
            with_returns.add(str(customer_id))
        elif content is None:
            taken.add(str(order_id))
        else:
            known[str(order_id)] = _Known(bytes(content), status, (place[0], place[1]))
    lost = [order for order in orders if order.id not in known and order.id not in taken]
    return (*_of_same_person(lost, known), with_returns) if lost else (known, set(), with_returns)


def _of_same_person(orders: Sequence[OrderDraft], known: dict[str, _Known]) -> tuple[dict[str, _Known], set[str]]:
    """What is known with those of these orders that another record of the same person has, whom their drafts name
    then; and the orders that somebody else has."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [[order.id for order in orders]])
        holders = {str(order_id): str(customer_id) for order_id, customer_id in cursor.fetchall()}
    others = [order for order in orders if holders.get(order.id) != order.customer_id]
    persons = customers.ids_of_person(UUID(order.customer_id) for order in others)
    moved = [order for order in others if UUID(holders.get(order.id, NO_GROUP)) in persons[UUID(order.customer_id)]]
    for order in moved:
        order.customer_id = holders[order.id]
    if moved:
        # Locked, as all are whose orders may be changed.
        customers.standing_of([UUID(order.customer_id) for order in moved])
        known |= _known(moved)[0]
    return known, {order.id for order in others} - known.keys()


def _outcome(order: OrderDraft, known: _Known | None, place: Place) -> str:
    if known is None:
        return CREATED
    told = list(zip(place, known.place, strict=True))
    if known.content != order.content() or any(new and old and new != old for new, old in told):
        return DIFFERS
    is_moved = order.status_is_told and order.status != known.status
    return UPDATED if is_moved or any(new and not old for new, old in told) else UNCHANGED


def _new_payments(orders: Sequence[OrderDraft], outcomes: dict[str, str]) -> list[tuple[OrderDraft, PaymentDraft]]:
    """Payments of known orders that are not recorded yet; an order with another amount under a known key differs."""
    told = {
        UUID(payment_id(order, one)): (order, one)
        for order in orders
        if outcomes[order.id] in {UPDATED, UNCHANGED}
        for one in order.payments
    }
    if not told:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [[order.customer_id for order, _one in told.values()], list(told)])
        known = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    for key, paid in known.items():
        order, one = told[key]
        if paid != (one.method, one.amount_e4):
            outcomes[order.id] = DIFFERS
    fresh = [(order, one) for key, (order, one) in told.items() if key not in known and outcomes[order.id] != DIFFERS]
    outcomes.update((order.id, UPDATED) for order, _one in fresh)
    return fresh


def _move(orders: Sequence[tuple[OrderDraft, str]], places: Mapping[str, Place], recording: Recording) -> None:
    """Write status and place of known orders, and which batch told of them."""
    if orders:
        stores, channels = zip(*(places[order.id] for order, _status in orders), strict=True)
        columns: list[list[object]] = [
            [order.customer_id for order, _status in orders],
            [order.id for order, _status in orders],
            [status for _order, status in orders],
            list(stores),
            list(channels),
        ]
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [recording.batch_id, *columns])


def _relink(fresh: Sequence[OrderDraft], with_returns: Set[str]) -> None:
    """Link returns anew where there are any. with_returns: buyers of whom one was recorded before."""
    known, nobody = set(), set()
    for order in fresh:
        is_return = order.kind == "return"
        if order.customer.key and (is_return or order.customer_id in with_returns):
            known.add(order.customer_id)
        elif is_return:
            nobody.add(order.customer_id)
    if known or nobody:
        relink_returns(known=sorted(known), anonymous=sorted(nobody))


def _fact(
    fresh: Sequence[OrderDraft], updated: Sequence[tuple[OrderDraft, str]], recording: Recording, *, status_changed: int
) -> OrdersRecorded:
    """What became of the batch. updated: known orders with the status that they have now."""
    rows = [*((order, order.status) for order in fresh), *updated]
    return OrdersRecorded(
        batch_id=recording.batch_id,
        row_count=len(rows),
        rows_root=merkle_root(f"{order.id} {status} ".encode() + order.content() for order, status in rows),
        source=recording.source,
        run_id=recording.run_id,
        created=len(fresh),
        status_changed=status_changed,
        lines=sum(len(order.lines) for order in fresh),
        payments=sum(len(order.payments) for order in fresh),
    )


# Three kinds of rows: an order that is known; without content, one whose number was free and is its buyer's now; and,
# without an order, a customer with lines of returns. Numbers are taken in order, so that no two calls wait for each
# other.
_KNOWN = """
WITH asked AS (SELECT * FROM unnest(%s::uuid[], %s::uuid[]) AS asked (customer_id, id)), taken AS (
    INSERT INTO purchases_takennumber AS taken (customer_id, order_id) SELECT customer_id, id FROM asked ORDER BY id
    ON CONFLICT DO NOTHING RETURNING taken.customer_id, taken.order_id
)
SELECT customer_id, id, known.content, known.status, known.store_id, known.channel_id
FROM asked JOIN purchases_order AS known USING (customer_id, id)
UNION ALL
SELECT customer_id, order_id, NULL, NULL, NULL, NULL FROM taken
UNION ALL
SELECT asked.id, NULL, NULL, NULL, NULL, NULL FROM unnest(%s::uuid[]) AS asked (id)
WHERE EXISTS (SELECT 1 FROM purchases_orderline WHERE customer_id = asked.id AND kind = 'return')
"""

_HOLDERS = "SELECT order_id, customer_id FROM purchases_takennumber WHERE order_id = ANY(%s::uuid[])"

_MOVE = """
UPDATE purchases_order AS known SET status = told.status, batch_id = %s,
    store_id = coalesce(known.store_id, told.store_id), channel_id = coalesce(known.channel_id, told.channel_id)
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[])
    AS told (customer_id, id, status, store_id, channel_id)
WHERE known.customer_id = told.customer_id AND known.id = told.id
"""

_PAID = """
SELECT known.id, known.method, known.amount_e4 FROM unnest(%s::uuid[], %s::uuid[]) AS asked (customer_id, id)
JOIN purchases_payment AS known USING (customer_id, id)
"""
