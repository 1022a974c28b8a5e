"""Purchases for programs: read them, record one, record many."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.kernel.money import from_e4
from shouyue.purchases.orders.models import Order, OrderLine, UnlinkedReturn
from shouyue.purchases.orders.public import Recording, record_orders
from shouyue.purchases.orders.queries.lists import LinkedTo, links_of, orders_wanted, payments_of, unlinked_of
from shouyue.purchases.orders.rest.schemas import (
    LineOut,
    LinkOut,
    PaymentOut,
    PurchaseDone,
    PurchaseFilter,
    PurchaseHead,
    PurchaseIn,
    PurchaseOut,
    PurchaseSearch,
)
from shouyue.purchases.orders.rules.drafts import OrderDraft
from shouyue.rest.access import caller
from shouyue.rest.bulk import Bulk, lines_in_and_out
from shouyue.rest.idempotency import Made, once
from shouyue.rest.paging import Cut, Paged, PageOf, page_of
from shouyue.rest.problems import KINDS, ProblemError
from shouyue.rest.routes import IdempotencyKey, call
from shouyue.rest.rules.cursors import moment

router = Router()


@router.get(
    "/purchases",
    response=Paged[PurchaseHead],
    **call("purchases:read", _("List purchases"), _("Purchases, returns and adjustments by moment, page by page.")),
)
def list_purchases(request: HttpRequest, cut: PageOf, wanted: Query[PurchaseFilter]) -> Paged[PurchaseHead]:  # noqa: ARG001 ninja finds the request by this name
    return _page(orders_wanted(customer_id=wanted.customer_id), cut)


@router.post(
    "/purchases/search",
    response=Paged[PurchaseHead],
    **call(
        "purchases:read",
        _("Search purchases"),
        _("By moment, page by page. What is asked stands in the body, so that no number comes into an address."),
    ),
)
def search_purchases(request: HttpRequest, cut: PageOf, wanted: PurchaseSearch) -> Paged[PurchaseHead]:  # noqa: ARG001 ninja finds the request by this name
    return _page(orders_wanted(**wanted.model_dump()), cut)


@router.get(
    "/customers/{customer_id}/purchases/{purchase_id}",
    response=PurchaseOut,
    **call("purchases:read", _("Read a purchase with its lines")),
)
def read_purchase(request: HttpRequest, customer_id: UUID, purchase_id: UUID) -> PurchaseOut:  # noqa: ARG001 ninja finds the request by this name
    rows = Order.objects.select_related("store", "channel")
    found = rows.filter(customer_id=customer_id, id=purchase_id).first()
    if found is None:
        raise Http404
    lines = list(OrderLine.objects.filter(customer_id=customer_id, order_id=purchase_id).order_by("line_no"))
    links, rest = links_of(lines), unlinked_of(lines)
    return PurchaseOut(
        **_head(found),
        lines=[_line(line, links.get(line.id, []), rest.get(line.id)) for line in lines],
        payments=[
            PaymentOut(method=one.method, amount=str(from_e4(one.amount_e4)), paid_at=one.paid_at)
            for one in payments_of(found)
        ],
    )


@router.post(
    "/purchases",
    response={201: PurchaseDone, 200: PurchaseDone},
    **call(
        "purchases:write",
        _("Record a purchase"),
        _(
            "201 when it is new. 200 when it was known by its source and number: unchanged, or updated when its status "
            "moved on or a payment is new. 409 when it is known with other content or belongs to another customer, "
            "unless both were merged into one person."
        ),
    ),
)
def record_purchase(request: HttpRequest, idempotency_key: IdempotencyKey, purchase: PurchaseIn) -> HttpResponse:
    def act() -> Made:
        [outcome] = _record([purchase], by=caller(request).actor)
        if outcome["outcome"] == "rejected":
            [error] = outcome["errors"]
            raise ProblemError(f"purchase-{error['code']}", _TO_DO[error["code"]]())
        return Made(201 if outcome["outcome"] == "created" else 200, PurchaseDone(**outcome))

    return once(request, idempotency_key, act)


@router.post(
    "/purchases/bulk",
    **call(
        "purchases:write",
        _("Record many purchases"),
        _(
            "One purchase a line in (application/x-ndjson, each as for a single call), one outcome a line out: "
            "created, updated, unchanged, or rejected with its errors. Broken off, the same body under the same "
            "Idempotency-Key goes on where it ended. Up to 256 MiB."
        ),
        **lines_in_and_out(),
    ),
)
def record_purchases(request: HttpRequest, idempotency_key: IdempotencyKey) -> StreamingHttpResponse:
    by = caller(request).actor
    return Bulk(PurchaseIn, lambda purchases: _record(purchases, by=by)).answer(request, idempotency_key)


def _record(purchases: Sequence[PurchaseIn], *, by: str) -> list[dict[str, Any]]:
    """Record them all; one outcome each, in their order. The same purchase twice is recorded and then met again."""
    outcomes: list[dict[str, Any]] = [{} for _purchase in purchases]
    waiting = list(range(len(purchases)))
    while waiting:
        first: dict[str, int] = {}
        for place in waiting:
            first.setdefault(purchases[place].draft.id, place)
        _record_round([(place, purchases[place]) for place in first.values()], outcomes, by=by)
        waiting = [place for place in waiting if not outcomes[place]]
    return outcomes


def _record_round(chosen: list[tuple[int, PurchaseIn]], outcomes: list[dict[str, Any]], *, by: str) -> None:
    at = clock.now()
    for source in sorted({purchase.source for _place, purchase in chosen}):
        drafts = [(place, purchase.draft) for place, purchase in chosen if purchase.source == source]
        drafts.sort(key=lambda pair: pair[1].customer_id)
        recording = Recording(source=source, batch_id=new_id(), run_id=None, at=at, by=by)
        recorded = record_orders([draft for _place, draft in drafts], recording=recording)
        for place, draft in drafts:
            outcomes[place] = _outcome(draft, recorded.orders[draft.id])


def _outcome(draft: OrderDraft, outcome: str) -> dict[str, Any]:
    told: dict[str, Any] = {"outcome": outcome, "id": draft.id, "customer_id": draft.customer_id}
    if outcome in _TO_DO:
        message = f"{KINDS[f'purchase-{outcome}'].title} {_TO_DO[outcome]()}"
        told |= {"outcome": "rejected", "errors": [{"field": "number", "code": outcome, "message": message}]}
    return told


_TO_DO: Final[Mapping[str, Callable[[], str]]] = {
    "differs": lambda: gettext("What was recorded first stays; record a correction instead."),
    "elsewhere": lambda: gettext(
        "If both customers are one person, merge them and send it again; if not, correct the number or the customer."
    ),
}


def _page(rows: QuerySet[Order], cut: Cut) -> Paged[PurchaseHead]:
    order = (("placed_at", moment), ("id", UUID), ("customer_id", UUID))
    found, next_cursor = page_of(rows.select_related("store", "channel"), order=order, cut=cut)
    return Paged[PurchaseHead](data=[PurchaseHead(**_head(row)) for row in found], next_cursor=next_cursor)


def _head(row: Order) -> dict[str, Any]:
    names = ("id", "customer_id", "source", "number", "placed_at", "kind", "status", "currency", "line_count")
    return {
        **{name: getattr(row, name) for name in names},
        "total": str(from_e4(row.total_e4)),
        "store": row.store.code if row.store else None,
        "channel": row.channel.code if row.channel else None,
    }


def _line(row: OrderLine, links: Sequence[LinkedTo], rest: UnlinkedReturn | None) -> LineOut:
    return LineOut(
        line=row.line_no,
        kind=row.kind,
        item=row.item,
        description=row.description,
        quantity=row.quantity,
        unit_price=str(from_e4(row.unit_price_e4)),
        amount=str(from_e4(row.amount_e4)),
        sold_at=row.sold_at,
        product_id=row.product_id,
        linked=[
            LinkOut(purchase_id=one.order_id, number=one.number, line=one.line_no, quantity=one.quantity)
            for one in links
        ],
        not_linked=rest.quantity if rest else 0,
        not_linked_reason=rest.reason if rest else None,
    )
