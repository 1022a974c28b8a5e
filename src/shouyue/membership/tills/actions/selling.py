"""Sales with points: recorded, paid in part with points, and earning, in one transaction; and goods that come back."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shouyue.customers.public import ids_of_person
from shouyue.kernel.ids import keyed_id, new_id
from shouyue.membership.ledger.public import (
    Done,
    EarnProgramme,
    Transfer,
    move_points,
    standings,
)
from shouyue.membership.persons.public import move_of_person
from shouyue.membership.tills.actions.earning import Locked, Seen, Settled, earn_of_members, lock_members, settle
from shouyue.membership.tills.queries import Earned, Versions, current_versions, parts_of, reasons_of, states_of
from shouyue.membership.tills.rules.wishes import (
    Command,
    OtherContentError,
    RefusedError,
    UnknownHoldError,
    capture,
    redemption,
)
from shouyue.purchases.public import Goods, Recording, bought_by, pieces_beyond, record_orders
from shouyue.store import facts

if TYPE_CHECKING:
    from shouyue.purchases.orders.rules.drafts import OrderDraft


class RefusedSaleError(Exception):
    """A sale or return that is refused; nothing was kept of it.

    why: unknown_member, foreign_currency, too_many_points, points_short, hold_settled, differs, elsewhere (another
    customer has the number) or more_than_bought.
    usable: the points there are, or the pieces that are too many.
    """

    def __init__(self, why: str, usable: int = 0) -> None:
        super().__init__(why)
        self.why, self.usable = why, usable


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale to a member, or goods that come back. source: whose number it is.

    points: that pay for it; with a hold None means all that is held.
    """

    draft: "OrderDraft"
    source: str
    points: int | None = None
    hold_id: UUID | None = None
    customer_id: UUID = field(init=False)
    order_id: UUID = field(init=False)
    day: date = field(init=False)

    def __post_init__(self) -> None:
        # Read once: a sale is asked for them some twenty times.
        object.__setattr__(self, "customer_id", UUID(self.draft.customer_id))
        object.__setattr__(self, "order_id", UUID(self.draft.id))
        zone = timezone.get_default_timezone()
        object.__setattr__(self, "day", datetime.fromisoformat(self.draft.placed_at).astimezone(zone).date())

    @property
    def amount_fen(self) -> int:
        return self.draft.total_e4 // 100


@dataclass(frozen=True, slots=True)
class Sold:
    """What became of a sale. earned, parts: its points and why; spent: points that paid; usable: what is left."""

    sale: Sale
    is_new: bool = False
    earned: int = 0
    parts: Sequence[Sequence[str | None]] = ()
    spent: int = 0
    usable: int = 0
    refusal: RefusedSaleError | None = None


def sell(sales: Sequence[Sale], *, at: datetime, by: str) -> list[Sold]:
    """Record sales to members, let points pay and purchases earn; one answer each, in their order.

    sales: each order once. A sale that is refused does not stop the others; told again, it is not done again.
    """
    differing: dict[UUID, RefusedSaleError] = {}
    # Only what points paid for may have to be undone.
    is_paid = any(sale.points or sale.hold_id for sale in sales)
    while True:
        try:
            with transaction.atomic(savepoint=is_paid), facts.gathered():
                return _sell(sales, differing, at=at, by=by)
        except _DiffersError as found:
            differing |= found.orders


@transaction.atomic
def bring_back(back: Sale, *, at: datetime, by: str) -> Sold:
    """Record goods that a member brings back and take back what they had earned. earned: below zero, what is lost.

    Raises RefusedSaleError for more pieces than were bought and not yet returned.
    """
    members = lock_members([back.customer_id])
    if not members:
        raise RefusedSaleError("unknown_member")
    batch = new_id()
    recorded = record_orders([back.draft], recording=Recording(back.source, batch, None, at, by))
    outcome = recorded.orders[back.draft.id]
    if outcome in _REFUSED:
        raise RefusedSaleError(outcome)
    if beyond := pieces_beyond([(back.customer_id, back.order_id)]):
        raise RefusedSaleError("more_than_bought", sum(beyond.values()))
    settled = earn_of_members(members, [batch], at=at, by=by)
    usable = standings([back.customer_id], on=timezone.localdate(at))[back.customer_id].usable
    lost = sum(one.points - one.before for one in settled)
    return Sold(back, is_new=outcome == "created", earned=lost, usable=usable)


_REFUSED = {"differs", "elsewhere"}


class _DiffersError(Exception):
    """Orders that points paid for are recorded with other content or for others: that has to be undone."""

    def __init__(self, orders: Mapping[UUID, RefusedSaleError]) -> None:
        super().__init__()
        self.orders = orders


def _sell(sales: Sequence[Sale], refused: Mapping[UUID, RefusedSaleError], *, at: datetime, by: str) -> list[Sold]:
    paying = [sale.customer_id for sale in sales if sale.points or sale.hold_id]
    persons = ids_of_person(paying) if paying else {}
    members = lock_members({sale.customer_id for sale in sales}.union(*persons.values()))
    states = states_of([(sale.customer_id, sale.order_id) for sale in sales])
    versions = current_versions(states.stamp)
    refusals = dict(refused)
    for sale in sales:
        if sale.order_id not in refusals and (why := _fault(sale, members, versions)):
            refusals[sale.order_id] = why
    good = [sale for sale in sales if sale.order_id not in refusals]
    paid = _pay(good, persons, {key: one.paid_fen for key, one in states.earned.items()}, at=at, by=by)
    refusals |= {order_id: why for order_id, why in ((key, _refusal(done)) for key, done in paid.items()) if why}
    good = [sale for sale in sales if sale.order_id not in refusals]
    new, differing = _record(good, at=at, by=by)
    if differing.keys() & paid.keys():
        raise _DiffersError(differing)
    refusals |= differing
    good = [sale for sale in good if sale.order_id not in differing]
    spent = {sale.order_id: paid[sale.order_id].points for sale in good if sale.order_id in paid}
    worth = {sale.order_id: _worth(sale, spent.get(sale.order_id, 0), versions) for sale in good}
    fresh = [sale for sale in good if sale.order_id in new]
    bought = bought_by(sorted({sale.customer_id for sale in fresh}), zone=settings.TIME_ZONE) if fresh else {}
    seen = Seen(states, {who: one.days for who, one in bought.items()})
    firsts = {one.first for one in bought.values()}
    settled = settle(_goods(fresh, firsts), members, at=at, by=by, paid_fen=worth, versions=versions, seen=seen)
    told = _Told(settled, states.earned, on=timezone.localdate(at))
    return _told([_as_it_stands(sale, told.earned) for sale in sales], refusals, new, spent, told)


def _as_it_stands(sale: Sale, earned: dict[UUID, Earned]) -> Sale:
    """The sale under the number that it stands under, where that is another one of the same person."""
    if sale.customer_id == UUID(sale.draft.customer_id):
        return sale
    there = replace(sale)
    earned |= states_of([(there.customer_id, there.order_id)]).earned
    return there


def _goods(sales: Sequence[Sale], firsts: Set[UUID | None]) -> list[Goods]:
    """New sales as earning sees them. If a return already undoes one of them, the reaction sees it in a moment.

    firsts: orders that are the first of all of their customers.
    """
    return [
        Goods(
            customer_id=sale.customer_id,
            order_id=sale.order_id,
            day=sale.day,
            source=sale.source,
            currency=sale.draft.currency,
            is_cancelled=False,
            is_first=sale.order_id in firsts,
            is_whole=True,
            items=[line.item for line in sale.draft.lines if line.kind == "sale"],
            amounts_fen=[
                (line.quantity * line.unit_price_e4 + 50) // 100 for line in sale.draft.lines if line.kind == "sale"
            ],
        )
        for sale in sorted(sales, key=lambda sale: (sale.customer_id, sale.draft.placed_at, sale.order_id))
    ]


def _fault(sale: Sale, members: Mapping[UUID, Locked], versions: Versions) -> RefusedSaleError | None:
    if sale.customer_id not in members:
        return RefusedSaleError("unknown_member")
    rules = versions.on(sale.day)
    if rules is not None and rules.terms.currency != sale.draft.currency:
        return RefusedSaleError("foreign_currency")
    if sale.points and _fen_of(sale.points, rules.terms if rules else None) > sale.amount_fen:
        return RefusedSaleError("too_many_points")
    return None


def _fen_of(points: int, terms: EarnProgramme | None) -> int:
    """What points pay, in fen."""
    return points * terms.point_value_e4 // 100 if terms else 0


def _worth(sale: Sale, points: int, versions: Versions) -> int:
    rules = versions.on(sale.day)
    return min(sale.amount_fen, _fen_of(points, rules.terms if rules else None))


def _pay(
    sales: Sequence[Sale],
    persons: Mapping[UUID, Sequence[UUID]],
    paid_fen: Mapping[UUID, int],
    *,
    at: datetime,
    by: str,
) -> dict[UUID, Done]:
    """Let points pay, whatever numbers the person has them under; by order. Its order names the command: once paid.

    persons: all ids of each buyer. paid_fen: what points paid of known orders.
    """
    commands: dict[UUID, Command] = {}
    for sale in sales:
        wish_id = keyed_id(sale.order_id, "paid")
        if sale.hold_id is not None:
            commands[sale.order_id] = replace(
                capture(wish_id, sale.customer_id, sale.hold_id, sale.points), order_id=sale.order_id
            )
        elif sale.points:
            commands[sale.order_id] = redemption(wish_id, sale.customer_id, sale.points, sale.order_id)
    on, paid = timezone.localdate(at), _paid_by_others(commands, persons, paid_fen)
    alone = {key: one for key, one in commands.items() if key not in paid and len(persons[one.customer_id]) == 1}
    if alone:
        paid |= dict(zip(alone, move_points(list(alone.values()), at=at, on=on, by=by), strict=True))
    for key, one in commands.items():
        if key not in paid:
            paid[key] = move_of_person(one, persons[one.customer_id], at=at, on=on, by=by)
    return paid


def _paid_by_others(
    commands: Mapping[UUID, Command], persons: Mapping[UUID, Sequence[UUID]], paid_fen: Mapping[UUID, int]
) -> dict[UUID, Done]:
    """Known orders that a number paid which was un-merged since: the buyer's own does not pay once more."""
    again = {one.id: key for key, one in commands.items() if paid_fen.get(key) and len(persons[one.customer_id]) == 1}
    if not again:
        return {}
    buyers = {commands[key].customer_id for key in again.values()}
    own = set(Transfer.objects.filter(customer_id__in=buyers, id__in=again).values_list("id", flat=True))
    return {
        key: Done(commands[key], refusal=OtherContentError(str(name))) for name, key in again.items() if name not in own
    }


def _refusal(done: Done) -> RefusedSaleError | None:
    return None if done.refusal is None else refused_by_ledger(done.refusal, usable=done.available)


def refused_by_ledger(refusal: RefusedError, *, usable: int) -> RefusedSaleError:
    """The ledger's refusal in the till's words."""
    if isinstance(refusal, OtherContentError):
        return RefusedSaleError("differs")
    if isinstance(refusal, UnknownHoldError):
        return RefusedSaleError("hold_settled")
    return RefusedSaleError("points_short", usable)


def _record(sales: Sequence[Sale], *, at: datetime, by: str) -> tuple[set[UUID], dict[UUID, RefusedSaleError]]:
    """Record the orders of members; returns those that are new, and those that are refused, with the reason."""
    outcomes: dict[str, str] = {}
    for source in sorted({sale.source for sale in sales}):
        drafts = sorted((sale.draft for sale in sales if sale.source == source), key=lambda draft: draft.customer_id)
        recording = Recording(source, new_id(), None, at, by)
        outcomes |= record_orders(drafts, recording=recording, buyers_are_known=True).orders
    new = {UUID(order_id) for order_id, outcome in outcomes.items() if outcome == "created"}
    return new, {UUID(key): RefusedSaleError(outcome) for key, outcome in outcomes.items() if outcome in _REFUSED}


@dataclass(frozen=True, slots=True)
class _Told:
    """What answers are made of. earned: by order, what known ones had earned. on: the day of the call."""

    settled: Sequence[Settled]
    earned: dict[UUID, Earned]
    on: date


def _told(
    sales: Sequence[Sale],
    refusals: Mapping[UUID, RefusedSaleError],
    new: set[UUID],
    spent: Mapping[UUID, int],
    told: _Told,
) -> list[Sold]:
    good = [(sale.customer_id, sale.order_id) for sale in sales if sale.order_id not in refusals]
    points = {one.goods.order_id: one.points for one in told.settled}
    parts = {one.goods.order_id: parts_of(one.quote) for one in told.settled}
    if known := [pair for pair in good if pair[1] not in new]:
        points |= {order_id: told.earned[order_id].points for _who, order_id in known if order_id in told.earned}
        parts |= reasons_of(known)
    usable = standings(sorted({customer_id for customer_id, _order in good}), on=told.on) if good else {}
    return [
        Sold(
            sale,
            is_new=sale.order_id in new,
            earned=points.get(sale.order_id, 0),
            parts=parts.get(sale.order_id, ()),
            spent=spent.get(sale.order_id, 0),
            usable=usable[sale.customer_id].usable if sale.customer_id in usable else 0,
            refusal=refusals.get(sale.order_id),
        )
        for sale in sales
    ]
