"""Points that move without a purchase: set aside, paid, set free, redeemed, given back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Router

from shouyue.kernel import clock
from shouyue.kernel.ids import keyed_id
from shouyue.membership.tills.forms import HoldIn, PointsIn, SomePointsIn
from shouyue.membership.tills.public import (
    Moved,
    RefusedSaleError,
    give_back_redemption,
    move_for_till,
)
from shouyue.membership.tills.rest.answers import MovedOut, problem_of
from shouyue.membership.tills.rules.wishes import Command, capture, hold, redemption, release
from shouyue.rest.access import caller
from shouyue.rest.idempotency import Made, once
from shouyue.rest.routes import IdempotencyKey, call

router = Router()
_MEMBER = "/points/members/{customer_id}"


@router.post(
    f"{_MEMBER}/holds",
    response={201: MovedOut},
    **call(
        "points:write",
        _("Set points aside"),
        _("For a purchase that is not final yet. They are paid or set free once, or set free when the time is over."),
    ),
)
def set_aside(request: HttpRequest, customer_id: UUID, idempotency_key: IdempotencyKey, wanted: HoldIn) -> HttpResponse:
    until = clock.now() + timedelta(minutes=wanted.minutes)
    return _moved(
        request, idempotency_key, lambda wish_id: hold(wish_id, customer_id, wanted.points, until), status=201
    )


@router.post(
    f"{_MEMBER}/holds/{{hold_id}}/capture",
    response=MovedOut,
    **call("points:write", _("Pay with points set aside"), _("All of them, or some; the rest is set free.")),
)
def capture_hold(
    request: HttpRequest, customer_id: UUID, hold_id: UUID, idempotency_key: IdempotencyKey, wanted: SomePointsIn
) -> HttpResponse:
    return _moved(
        request,
        idempotency_key,
        lambda wish_id: capture(wish_id, customer_id, hold_id, wanted.points),
        status=200,
    )


@router.post(
    f"{_MEMBER}/holds/{{hold_id}}/release",
    response=MovedOut,
    **call("points:write", _("Set points free"), _("All that is set aside, or some; the rest stays set aside.")),
)
def release_hold(
    request: HttpRequest, customer_id: UUID, hold_id: UUID, idempotency_key: IdempotencyKey, wanted: SomePointsIn
) -> HttpResponse:
    return _moved(
        request,
        idempotency_key,
        lambda wish_id: release(wish_id, customer_id, hold_id, wanted.points),
        status=200,
    )


@router.post(
    f"{_MEMBER}/redemptions",
    response={201: MovedOut},
    **call("points:write", _("Redeem points"), _("Those that expire first go first. The answer's id undoes it.")),
)
def redeem_points(
    request: HttpRequest, customer_id: UUID, idempotency_key: IdempotencyKey, wanted: PointsIn
) -> HttpResponse:
    return _moved(request, idempotency_key, lambda wish_id: redemption(wish_id, customer_id, wanted.points), status=201)


@router.post(
    f"{_MEMBER}/redemptions/{{redemption_id}}/reverse",
    response=MovedOut,
    **call(
        "points:write",
        _("Undo a redemption"),
        _("The points return to the lots they came from, with their dates; once, however often it is asked."),
    ),
)
def reverse_redemption(
    request: HttpRequest, customer_id: UUID, redemption_id: UUID, idempotency_key: IdempotencyKey
) -> HttpResponse:
    def act() -> Made:
        moved = give_back_redemption(customer_id, redemption_id, at=clock.now(), by=caller(request).actor)
        if moved is None:
            raise Http404
        return Made(200, _told(moved))

    return once(request, idempotency_key, act)


def _moved(request: HttpRequest, idempotency_key: str, wish: Callable[[UUID], Command], *, status: int) -> HttpResponse:
    """Move points once for this key: its own name for the movement outlives what is kept of the call."""

    def act() -> Made:
        key = caller(request)
        try:
            command = wish(keyed_id(key.pk, f"points {idempotency_key}"))
            moved = move_for_till(command, at=clock.now(), by=key.actor)
        except RefusedSaleError as refusal:
            raise (Http404() if refusal.why == "unknown_member" else problem_of(refusal)) from refusal
        return Made(status, _told(moved))

    return once(request, idempotency_key, act)


def _told(moved: Moved) -> MovedOut:
    return MovedOut(id=moved.id, points=moved.points, usable=moved.usable)
