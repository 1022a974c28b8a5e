"""Imports of purchases: the steps that this room serves in mappings, and what becomes of each row."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import keyed_id
from shouyue.purchases.catalogue.public import OLIST_CATALOGUE
from shouyue.purchases.incoming.actions.undoing import UNDO
from shouyue.purchases.incoming.facts import PurchasesImported
from shouyue.purchases.incoming.rules import olist, online_retail, plain
from shouyue.purchases.orders.public import (
    DIFFERS,
    ELSEWHERE,
    CustomerDraft,
    OrderDraft,
    Recording,
    assemble,
)
from shouyue.purchases.undoing.public import record_imported
from shouyue.store import facts
from shouyue.store.imports.mapping import Batch, FilePattern, Finished, Outcomes, RowRejectedError, Step

_UPDATED, _UNCHANGED = "updated", "unchanged"
_REFUSED = {DIFFERS: "order_differs", ELSEWHERE: "order_elsewhere"}


def load_purchases(source: str, batch: Batch) -> Outcomes:
    """Write one batch of staged purchases and say what became of each of its rows."""
    told, orders = assemble(
        ((row.customer_id, row.group_id, row.content) for row in batch.rows), currency=batch.currency
    )
    last = batch.rows[-1]
    recorded = record_imported(
        orders,
        told=told,
        rows=batch.rows,
        recording=Recording(
            source=source,
            batch_id=keyed_id(batch.run_id, f"{last.customer_id}:{last.group_id}"),
            run_id=batch.run_id,
            at=batch.at,
            by=batch.by,
        ),
    )
    outcomes = Outcomes()
    _count_customers(told, recorded.customers, outcomes)
    for order in orders:
        _count_order(order, recorded.orders[order.id], outcomes)
    return outcomes


def _count_customers(
    told: list[tuple[str, CustomerDraft, int]], recorded: Mapping[UUID, str], outcomes: Outcomes
) -> None:
    """The first row of a customer made or changed the record; its repetitions changed nothing more."""
    seen: set[str] = set()
    for customer_id, _draft, _place in told:
        is_first = customer_id not in seen
        seen.add(customer_id)
        outcomes.count(recorded[UUID(customer_id)] if is_first else _UNCHANGED)


def _count_order(order: OrderDraft, outcome: str, outcomes: Outcomes) -> None:
    if outcome in _REFUSED:
        why = RowRejectedError(_REFUSED[outcome], "", order.number)
        outcomes.rejected += [(place, why) for place in order.rows]
    elif outcome == _UPDATED:
        # One row carries the status or the payment that is new; the others say what they said before.
        outcomes.count(_UPDATED)
        outcomes.count(_UNCHANGED, len(order.rows) - 1)
    else:
        outcomes.count(outcome, len(order.rows))


def announce_import(source: str, finished: Finished) -> None:
    """Announce the end of an import, in the transaction that ends it."""
    fact = PurchasesImported(
        run_id=finished.run_id,
        source=source,
        step=finished.step,
        created=finished.tally.created,
        updated=finished.tally.updated,
        unchanged=finished.tally.unchanged,
        rejected=finished.tally.rejected,
    )
    facts.announce(fact, at=finished.at, by=finished.by)


def _csv(name: str) -> tuple[str, str]:
    return name, f"{name}.gz"


ONLINE_RETAIL_PURCHASES = Step(
    name="purchases",
    title=_("Purchases and returns"),
    files=(FilePattern("lines", ("*",), online_retail.COLUMNS),),
    reader=online_retail.OnlineRetailReader,
    load=partial(load_purchases, online_retail.SOURCE),
    finish=partial(announce_import, online_retail.SOURCE),
    undo=UNDO,
)

_OLIST_PURCHASES = Step(
    name="purchases",
    title=_("Customers, orders, items and payments"),
    files=(
        FilePattern(olist.CUSTOMERS, _csv("olist_customers_dataset.csv"), olist.CUSTOMER_COLUMNS),
        FilePattern(olist.ORDERS, _csv("olist_orders_dataset.csv"), olist.ORDER_COLUMNS),
        FilePattern(olist.ITEMS, _csv("olist_order_items_dataset.csv"), olist.ITEM_COLUMNS),
        FilePattern(olist.PAYMENTS, _csv("olist_order_payments_dataset.csv"), olist.PAYMENT_COLUMNS, is_optional=True),
    ),
    reader=olist.OlistReader,
    load=partial(load_purchases, olist.SOURCE),
    finish=partial(announce_import, olist.SOURCE),
    undo=UNDO,
)
OLIST_STEPS = (OLIST_CATALOGUE, _OLIST_PURCHASES)

PLAIN_PURCHASES = Step(
    name="purchases",
    title=_("Orders and returns"),
    files=(FilePattern(plain.ORDERS, ("orders.*",), plain.ORDER_COLUMNS),),
    reader=plain.PlainReader,
    load=partial(load_purchases, plain.SOURCE),
    finish=partial(announce_import, plain.SOURCE),
    undo=UNDO,
)
