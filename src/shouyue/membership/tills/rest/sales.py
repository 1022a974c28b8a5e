"""Quotes, sales with points one by one and by the thousand, and goods that come back."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from shouyue.kernel import clock
from shouyue.kernel.money import from_e4, to_e4
from shouyue.membership.tills.forms import ReturnIn, SaleIn, SaleWithPointsIn
from shouyue.membership.tills.public import RefusedSaleError, Sold, bring_back, quoted, sell
from shouyue.membership.tills.rest.answers import (
    QuoteOut,
    ReturnOut,
    SaleOut,
    errors,
    faults_of,
    problem_of,
    reasons,
)
from shouyue.rest.access import caller
from shouyue.rest.bulk import Bulk, lines_in_and_out
from shouyue.rest.idempotency import Made, once
from shouyue.rest.problems import ProblemError, wrong_value
from shouyue.rest.routes import IdempotencyKey, call, line_of_text
from shouyue.rest.together import Together

router = Router()
_PER_BATCH: Final = 2_000
Amount = Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,2})?$")]


class QuoteIn(Schema):
    customer_id: UUID | None = Field(None, description=_("A member; without one, as for somebody without a tier."))
    amounts: list[Amount] = Field(
        min_length=1, max_length=100, description=_('What each line costs: "12.50". Say it once for every line.')
    )
    items: list[Annotated[str, line_of_text(most=80)]] = Field(
        [], max_length=100, description=_("The items of these lines, in the same order, where a rule asks for them.")
    )
    source: Annotated[str, line_of_text(most=40)] = Field("plain", description=_("Where it would be sold."))
    placed_at: AwareDatetime | None = Field(None, description=_("When; without it, now."))


@router.get(
    "/points/quote",
    response=QuoteOut,
    **call(
        "points:read",
        _("Quote the points of a purchase"),
        _("What a purchase would earn, and why. Nothing is recorded."),
    ),
)
def quote_points(request: HttpRequest, wanted: Query[QuoteIn]) -> QuoteOut:  # noqa: ARG001 ninja finds the request by this name
    if wanted.items and len(wanted.items) != len(wanted.amounts):
        raise wrong_value("query.items", gettext("Say one item for each amount, or none."))
    placed_at = wanted.placed_at or clock.now()
    if not 1900 <= placed_at.year < 2200:
        raise wrong_value("query.placed_at", gettext("The year must be from 1900 to 2199."))
    items = wanted.items or [""] * len(wanted.amounts)
    amounts_fen = [to_e4(one) // 100 for one in wanted.amounts]
    told = quoted(wanted.customer_id, items=items, amounts_fen=amounts_fen, source=wanted.source, placed_at=placed_at)
    return QuoteOut(
        points=told.points,
        worth=str(from_e4(told.worth_fen * 100)),
        currency=told.currency,
        tier=told.tier,
        reasons=reasons(told.parts),
    )


@router.post(
    "/points/purchases",
    response={201: SaleOut, 200: SaleOut},
    **call(
        "points:write",
        _("Sell to a member"),
        _(
            "Records the purchase, lets points pay for a part of it and gives what it earns, all or nothing. "
            "201 when it is new, 200 when it was known."
        ),
        is_busy=True,
    ),
)
def sell_to_member(request: HttpRequest, idempotency_key: IdempotencyKey, purchase: SaleWithPointsIn) -> HttpResponse:
    return _TILL.answer(request, idempotency_key, purchase)


@router.post(
    "/points/purchases/bulk",
    **call(
        "points:write",
        _("Sell many times"),
        _(
            "One purchase a line in (application/x-ndjson, each as for a single call), one outcome a line out: "
            "created, unchanged, or rejected with its errors. Broken off, the same body under the same "
            "Idempotency-Key goes on where it ended. Up to 256 MiB."
        ),
        **lines_in_and_out(),
    ),
)
def sell_many(request: HttpRequest, idempotency_key: IdempotencyKey) -> StreamingHttpResponse:
    by = caller(request).actor
    many = Bulk(SaleWithPointsIn, lambda sales: _outcomes(sales, by=by), lines=_PER_BATCH)
    return many.answer(request, idempotency_key)


@router.post(
    "/points/returns",
    response={201: ReturnOut, 200: ReturnOut},
    **call(
        "points:write",
        _("Take goods back from a member"),
        _(
            "Records the return under a number of its own and takes back what the goods had earned. "
            "More than was bought and not yet returned is refused."
        ),
    ),
)
def take_goods_back(request: HttpRequest, idempotency_key: IdempotencyKey, goods: ReturnIn) -> HttpResponse:
    def act() -> Made:
        at = clock.now()
        _check(goods, at=at)
        try:
            back = bring_back(goods.sale, at=at, by=caller(request).actor)
        except RefusedSaleError as refusal:
            raise problem_of(refusal) from refusal
        told = ReturnOut(
            outcome="created" if back.is_new else "unchanged",
            id=back.sale.order_id,
            customer_id=back.sale.customer_id,
            lost=-back.earned,
            usable=back.usable,
        )
        return Made(201 if back.is_new else 200, told)

    return once(request, idempotency_key, act)


def _sold_together(purchases: Sequence[SaleWithPointsIn], by: str) -> list[Callable[[], Made]]:
    """Sell what tills tell at the same moment; what makes the answer of each, or refuses it."""
    at = clock.now()
    faults = [told.faults(at=at) for told in purchases]
    good = [told.sale for told, wrong in zip(purchases, faults, strict=True) if not wrong]
    sold = iter(sell(good, at=at, by=by) if good else ())
    return [partial(_faulty, wrong) if wrong else partial(_made, next(sold)) for wrong in faults]


def _faulty(faults: Sequence[tuple[str, str]]) -> Made:
    raise ProblemError("invalid", errors=errors(faults, prefix="body."))


def _made(sold: Sold) -> Made:
    if sold.refusal is not None:
        raise problem_of(sold.refusal)
    return Made(201 if sold.is_new else 200, SaleOut(**_told(sold), reasons=reasons(sold.parts)))


_TILL: Final = Together(_sold_together, of=lambda purchase: purchase.sale.order_id)


def _check(told: SaleIn, *, at: datetime) -> None:
    if faults := told.faults(at=at):
        _faulty(faults)


def _outcomes(sales: Sequence[SaleIn], *, by: str) -> list[dict[str, Any]]:
    """Sell them all; one outcome each, in their order. The same order twice is sold and then met again."""
    at = clock.now()
    outcomes: list[dict[str, Any]] = [
        {"outcome": "rejected", "errors": errors(faults)} if (faults := told.faults(at=at)) else {} for told in sales
    ]
    waiting = [place for place, outcome in enumerate(outcomes) if not outcome]
    while waiting:
        first: dict[UUID, int] = {}
        for place in waiting:
            first.setdefault(sales[place].sale.order_id, place)
        places = list(first.values())
        for place, sold in zip(places, sell([sales[place].sale for place in places], at=at, by=by), strict=True):
            outcomes[place] = _outcome(sold)
        waiting = [place for place in waiting if not outcomes[place]]
    return outcomes


def _outcome(sold: Sold) -> dict[str, Any]:
    if sold.refusal is not None:
        return {"outcome": "rejected", "errors": errors(faults_of(sold.refusal), usable=sold.refusal.usable)}
    # Without sentences: writing them would cost a stream more than the sales.
    brief = [{"source": part[0], "key": part[1], "points": int(part[2] or 0)} for part in sold.parts]
    return {**_told(sold), "reasons": brief}


def _told(sold: Sold) -> dict[str, Any]:
    return {
        "outcome": "created" if sold.is_new else "unchanged",
        "id": sold.sale.order_id,
        "customer_id": sold.sale.customer_id,
        "earned": sold.earned,
        "spent": sold.spent,
        "usable": sold.usable,
    }
