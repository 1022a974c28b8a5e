"""Points between members: gifts, households, and what expired and comes back."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Router

from shouyue.kernel import clock
from shouyue.kernel.ids import keyed_id
from shouyue.membership.expiry.public import NotReinstatedError, reinstate
from shouyue.membership.sharing.public import NotSharedError, draw, give, share, stop_sharing
from shouyue.membership.tills import sentences
from shouyue.membership.tills.forms import ConsentIn, GiftIn, PointsIn
from shouyue.membership.tills.rest.answers import MovedOut, SharedOut
from shouyue.rest.access import caller
from shouyue.rest.idempotency import Made, once
from shouyue.rest.problems import ProblemError, wrong_value
from shouyue.rest.routes import IdempotencyKey, call

router = Router()
_MEMBER = "/points/members/{customer_id}"


@router.post(
    f"{_MEMBER}/gifts",
    response={201: MovedOut},
    **call(
        "points:write",
        _("Give points to another member"),
        _("They keep their lots and dates. A member gives at most 5,000 points a day."),
    ),
)
def give_points(
    request: HttpRequest, customer_id: UUID, idempotency_key: IdempotencyKey, wanted: GiftIn
) -> HttpResponse:
    def act(wish_id: UUID) -> MovedOut:
        at = clock.now()
        usable = give(
            wish_id,
            customer_id,
            wanted.to,
            wanted.points,
            on=timezone.localdate(at),
            at=at,
            by=caller(request).actor,
        )
        return MovedOut(id=wish_id, points=wanted.points, usable=usable)

    return _shared(request, idempotency_key, act)


@router.post(
    f"{_MEMBER}/pool",
    response={201: SharedOut},
    **call(
        "points:write",
        _("Share points with a household"),
        _("The member's consent that the household draws on their points, up to a cap in each calendar month."),
    ),
)
def share_points(
    request: HttpRequest, customer_id: UUID, idempotency_key: IdempotencyKey, consent: ConsentIn
) -> HttpResponse:
    def act(_wish_id: UUID) -> SharedOut:
        share(customer_id, consent.pool_id, consent.cap_points, at=clock.now(), by=caller(request).actor)
        return SharedOut(customer_id=customer_id, pool_id=consent.pool_id, cap_points=consent.cap_points)

    return _shared(request, idempotency_key, act)


@router.post(
    f"{_MEMBER}/pool/leave",
    response={200: SharedOut},
    **call("points:write", _("Stop sharing points"), _("What was drawn stays drawn.")),
)
def leave_pool(request: HttpRequest, customer_id: UUID, idempotency_key: IdempotencyKey) -> HttpResponse:
    def act() -> Made:
        if not stop_sharing(customer_id, at=clock.now(), by=caller(request).actor):
            raise Http404
        return Made(200, SharedOut(customer_id=customer_id, pool_id=None, cap_points=0))

    return once(request, idempotency_key, act)


@router.post(
    f"{_MEMBER}/draws",
    response={201: MovedOut},
    **call(
        "points:write",
        _("Draw points of the household"),
        _("From those whose points expire first, each within their cap; all of it or nothing."),
    ),
)
def draw_points(
    request: HttpRequest, customer_id: UUID, idempotency_key: IdempotencyKey, wanted: PointsIn
) -> HttpResponse:
    def act(wish_id: UUID) -> MovedOut:
        at, by = clock.now(), caller(request).actor
        usable = draw(wish_id, customer_id, wanted.points, on=timezone.localdate(at), at=at, by=by)
        return MovedOut(id=wish_id, points=wanted.points, usable=usable)

    return _shared(request, idempotency_key, act)


@router.post(
    f"{_MEMBER}/expiries/{{expiry_id}}/reinstate",
    response=MovedOut,
    **call(
        "points:write",
        _("Give expired points back"),
        _("Within 30 days of their expiry, once; they last 30 days more. expiry_id names the movement of the expiry."),
    ),
)
def reinstate_points(
    request: HttpRequest, customer_id: UUID, expiry_id: UUID, idempotency_key: IdempotencyKey
) -> HttpResponse:
    def act() -> Made:
        at = clock.now()
        try:
            done = reinstate(customer_id, expiry_id, on=timezone.localdate(at), at=at, by=caller(request).actor)
        except NotReinstatedError as refused:
            if refused.why == "unknown":
                raise Http404 from refused
            raise ProblemError("too-late", gettext("Points come back within 30 days of their expiry.")) from refused
        return Made(200, MovedOut(id=done.command.id, points=done.points, usable=done.available))

    return once(request, idempotency_key, act)


def _shared(request: HttpRequest, idempotency_key: str, act: Callable[[UUID], MovedOut | SharedOut]) -> HttpResponse:
    """Do it once for this key; what keeps points from being shared becomes a problem."""

    def made() -> Made:
        try:
            return Made(201, act(keyed_id(caller(request).pk, f"points {idempotency_key}")))
        except NotSharedError as refused:
            raise _problem(refused) from refused

    return once(request, idempotency_key, made)


def _problem(refused: NotSharedError) -> ProblemError:
    text = sentences.not_shared(refused.why, refused.usable)
    if refused.why in {"own", "no_member"}:
        return wrong_value("body.to", text, code=refused.why)
    return ProblemError("points-short" if refused.why in {"short", "cap"} else "not-shared", text)
