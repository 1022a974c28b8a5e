"""Members: enrol them, read balance and statement, let a recorded purchase earn at once."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Router

from shouyue.kernel import clock
from shouyue.membership.ledger.public import Transfer
from shouyue.membership.tills.forms import MemberIn
from shouyue.membership.tills.public import (
    RefusedSaleError,
    UnknownCustomerError,
    earn_for_order,
    enrol,
    standing_of_person,
)
from shouyue.membership.tills.queries import PersonStanding
from shouyue.membership.tills.rest.answers import BalanceOut, EarningOut, TransferOut, problem_of, reasons
from shouyue.rest.access import caller
from shouyue.rest.idempotency import Made, once
from shouyue.rest.paging import Paged, PageOf, page_of
from shouyue.rest.problems import wrong_value
from shouyue.rest.routes import IdempotencyKey, call
from shouyue.rest.rules.cursors import moment

router = Router()


@router.post(
    "/points/members",
    response={201: BalanceOut, 200: BalanceOut},
    **call(
        "points:write",
        _("Enrol a member"),
        _("A customer becomes a member and earns from the day of joining on. 200 for one who is a member already."),
    ),
)
def enrol_member(request: HttpRequest, idempotency_key: IdempotencyKey, member: MemberIn) -> HttpResponse:
    def act() -> Made:
        at = clock.now()
        if member.joined_at is not None and not 1900 <= member.joined_at.year < 2200:
            raise wrong_value("body.joined_at", gettext("The year must be from 1900 to 2199."))
        if member.joined_at is not None and member.joined_at > at:
            raise wrong_value("body.joined_at", gettext("The day lies in the future."), code="future_date")
        try:
            is_new = enrol(member.customer_id, joined_at=member.joined_at or at)
        except UnknownCustomerError:
            raise wrong_value("body.customer_id", gettext("There is no such customer."), code="unknown") from None
        return Made(201 if is_new else 200, _balance(member.customer_id))

    return once(request, idempotency_key, act)


@router.get("/points/members/{customer_id}", response=BalanceOut, **call("points:read", _("Read a member's balance")))
def read_balance(request: HttpRequest, customer_id: UUID) -> BalanceOut:  # noqa: ARG001 ninja finds the request by this name
    return _balance(customer_id)


@router.get(
    "/points/members/{customer_id}/transfers",
    response=Paged[TransferOut],
    **call(
        "points:read",
        _("Read a member's statement"),
        _("Every movement of points, the oldest first, page by page. Each names the two accounts it went between."),
    ),
)
def list_transfers(request: HttpRequest, customer_id: UUID, cut: PageOf) -> Paged[TransferOut]:  # noqa: ARG001 ninja finds the request by this name
    rows = Transfer.objects.filter(customer_id__in=_standing(customer_id).ids)
    found, next_cursor = page_of(rows, order=(("recorded_at", moment), ("id", UUID), ("customer_id", UUID)), cut=cut)
    return Paged[TransferOut](data=[_transfer(row) for row in found], next_cursor=next_cursor)


@router.post(
    "/points/members/{customer_id}/purchases/{purchase_id}/earn",
    response=EarningOut,
    **call(
        "points:write",
        _("Let a purchase earn at once"),
        _("Purchases earn by themselves within seconds; this does it now and tells what was earned and why."),
    ),
)
def earn_now(
    request: HttpRequest, customer_id: UUID, purchase_id: UUID, idempotency_key: IdempotencyKey
) -> HttpResponse:
    def act() -> Made:
        try:
            earned = earn_for_order(customer_id, purchase_id, at=clock.now(), by=caller(request).actor)
        except RefusedSaleError as refusal:
            raise problem_of(refusal) from refusal
        if earned is None:
            raise Http404
        return Made(200, EarningOut(points=earned.points, reasons=reasons(earned.parts)))

    return once(request, idempotency_key, act)


def _balance(customer_id: UUID) -> BalanceOut:
    """Raises Http404 for whoever is no member."""
    found = _standing(customer_id)
    return BalanceOut(
        customer_id=customer_id,
        usable=found.usable,
        pending=found.pending,
        held=found.held,
        debt=found.debt,
        next_expires_on=found.next_expires_on,
        next_expires_points=found.next_expires_points,
    )


def _standing(customer_id: UUID) -> PersonStanding:
    found = standing_of_person(customer_id, on=timezone.localdate(clock.now()))
    if not found.ids:
        raise Http404
    return found


def _transfer(row: Transfer) -> TransferOut:
    return TransferOut(
        id=row.id,
        at=row.recorded_at,
        on=row.effective_on,
        debit=row.debit,
        credit=row.credit,
        reason=row.reason,
        points=row.points,
        order_id=row.order_id,
    )
