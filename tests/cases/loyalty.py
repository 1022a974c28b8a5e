"""Loyalty cases (`kind`, `expect`, decimals as text): from a case to the membership room's rules, keys renamed."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from shouyue.membership.ledger.rules.accounting import Use, allocate, liability_left, money, revenue_by_period
from shouyue.membership.ledger.rules.batches import Limits, Transfer, post
from shouyue.membership.ledger.rules.book import Book, ReturnPolicy
from shouyue.membership.ledger.rules.earning import (
    Basis,
    Rate,
    Rounding,
    amount_of_points,
    lot_days,
    minor_units,
    points_for,
    points_lost,
    points_of_amount,
)
from shouyue.membership.ledger.rules.moves import Account, Lot, Reason, RefusedError, cost_moved, moved
from tests.cases.programme import PROGRAMME_KINDS
from tests.cases.refusals import NotServedError

Case = dict[str, Any]

BASES = {"gross": Basis.GROSS, "items_gross": Basis.GROSS}


class Timeline:
    """A case of kind points: its events on one book, in order."""

    def __init__(self, case: Case) -> None:
        program = case.get("program", {})
        self.minor = case.get("currency", {}).get("minor", 2)
        owes = program.get("negative") == "debt"
        self.program = program
        self.book = Book(may_owe=owes)
        self.policy = ReturnPolicy(program.get("return_policy", "unlimited" if owes else "within_balance"))
        self.day = 0
        self.seen: set[str] = set()
        self.bought: dict[str, Case] = {}
        self.rolled_back: list[int] = []
        self.failed: list[int] = []
        for lot in case.get("opening_lots", []):
            self._award(lot, _points(lot["points"]))
        for index, event in enumerate(case.get("events", [])):
            self._event(index, event)

    def _event(self, index: int, event: Case) -> None:
        key = event.get("idempotency_key")
        if key is not None and key in self.seen:
            return
        if key is not None:
            # A key has one answer, a refusal too.
            self.seen.add(key)
        self.day = int(event.get("day", self.day))
        self.book.activate(self.day)
        verb = VERBS.get(event["op"])
        if verb is None:
            raise NotServedError(f"op {event['op']}")
        try:
            verb(self, event)
        except (RefusedError, ValueError):
            self.failed.append(index)

    def _award(self, event: Case, points: int) -> None:
        self.day = int(event.get("day", self.day))
        first, last = lot_days(
            self.day,
            pending_days=int(self.program.get("pending_days") or 0),
            expire_after_days=_whole(self.program.get("expire_after_days")),
        )
        name = event.get("lot", event.get("id", f"lot {len(self.book.lots)}"))
        lot = Lot(
            id=name,
            made=(len(self.book.lots), name),
            left=points,
            cost=minor_units(Decimal(event.get("cost", "0")), self.minor),
            expires_on=_whole(event.get("expires", last)),
            activates_on=_whole(event.get("activates", first)),
        )
        self.book.award(lot, reason=Reason.AWARD, day=self.day)

    def earn(self, event: Case) -> None:
        self._award(event, _points(event["points"]))

    def earn_purchase(self, event: Case) -> None:
        paid = Decimal(event.get("points_paid_amount", "0"))
        points = points_for(Decimal(event["amount"]), self._rate(), paid_in_points=paid)
        if points:
            self._award(event, points)
        if "lot" in event:
            self.bought[event["lot"]] = {"amount": event["amount"], "paid": paid, "back": []}

    def redeem(self, event: Case) -> None:
        self.book.spend(_points(event["points"]), day=self.day, reason=Reason.REDEMPTION)

    def hold(self, event: Case) -> None:
        points, cost = _whole(event.get("points")), event.get("cost")
        worth = None if cost is None else minor_units(Decimal(cost), self.minor)
        self.book.hold(event["id"], day=self.day, points=points, cost=worth)

    def capture(self, event: Case) -> None:
        self.book.capture(event["id"], day=self.day, points=_whole(event.get("points")))

    def release(self, event: Case) -> None:
        self.book.release(_ids(event), day=self.day, points=_whole(event.get("points")))

    def release_and_refund(self, event: Case) -> None:
        self.book.release_and_pay_out(_ids(event), day=self.day, points=_whole(event.get("points")))

    def refund(self, event: Case) -> None:
        self.book.pay_out(day=self.day, points=_points(event["points"]))

    def refund_cost(self, event: Case) -> None:
        self.book.pay_out(day=self.day, cost=minor_units(Decimal(event["cost"]), self.minor))

    def cancel(self, event: Case) -> None:
        self.book.cancel(_points(event["points"]), day=self.day, lot=event.get("lot"))

    def return_purchase(self, event: Case) -> None:
        bought = self.bought.get(event["lot"])
        if bought is None:
            raise RefusedError(event["lot"])
        back = Decimal(event["amount"])
        points = points_lost(
            Decimal(bought["amount"]), back, self._rate(), before=sum(bought["back"]), paid_in_points=bought["paid"]
        )
        self.book.take_back(points, policy=self.policy, day=self.day, first=event["lot"])
        bought["back"].append(back)

    def rollback(self, event: Case) -> None:
        self.rolled_back.append(self.book.take_back(_points(event["points"]), policy=self.policy, day=self.day))

    def expire_run(self, _event: Case) -> None:
        self.book.expire(self.day)

    def _rate(self) -> Rate:
        earn = self.program["earn"]
        return Rate(
            per=Fraction(earn["per"]),
            points=Fraction(earn["points"]),
            rounding=Rounding(earn.get("round", "down")),
            basis=BASES.get(earn.get("basis", ""), Basis.PAID),
        )

    def told(self) -> Case:
        book, moves = self.book, self.book.moves
        return {
            "available": book.available(self.day),
            "held": book.held(),
            "pending": book.pending(),
            "balance": book.balance(self.day),
            "debt": book.debt,
            "used": moved(moves, Account.REDEEMED),
            "expired": moved(moves, Account.EXPIRED),
            "cancelled": moved(moves, Account.CLAWED_BACK, Reason.CANCELLATION),
            "refunded": moved(moves, Account.PAID_OUT),
            "rolled_back": self.rolled_back,
            "failed_events": self.failed,
            # A purchase that earned nothing made no lot.
            "lots": {name: self._lot(Lot(name, (0, name), 0)) for name in self.bought}
            | {name: self._lot(lot) for name, lot in book.lots.items()},
            "liability_cost": self._money(book.liability()),
            "held_cost": self._money(book.held_cost()),
        }

    def _lot(self, lot: Lot) -> Case:
        moves = self.book.moves
        return {
            "available": lot.left if lot.is_usable(self.day) else 0,
            "held": lot.held,
            "used_cost": self._money(cost_moved(moves, Account.REDEEMED, lot.id)),
            "held_cost": self._money(lot.held_cost),
            "refund_cost": self._money(cost_moved(moves, Account.PAID_OUT, lot.id)),
            "cost_left": self._money(lot.cost),
        }

    def _money(self, minor_units: int) -> Decimal:
        return Decimal(minor_units).scaleb(-self.minor)


VERBS: dict[str, Callable[[Timeline, Case], None]] = {
    verb.__name__: verb
    for verb in (
        Timeline.earn,
        Timeline.earn_purchase,
        Timeline.redeem,
        Timeline.hold,
        Timeline.capture,
        Timeline.release,
        Timeline.release_and_refund,
        Timeline.refund,
        Timeline.refund_cost,
        Timeline.cancel,
        Timeline.return_purchase,
        Timeline.rollback,
        Timeline.expire_run,
    )
}


def points(case: Case) -> object:
    return Timeline(case).told()


def transfers(case: Case) -> object:
    accounts = case["accounts"]
    limits = {one["id"]: Limits(one.get("allow_negative", True), one.get("allow_positive", True)) for one in accounts}
    balances: dict[str, Decimal | int] = {one["id"]: Decimal(one.get("balance", "0")) for one in accounts}
    batches = [[Transfer(one["from"], one["to"], Decimal(one["amount"])) for one in batch] for batch in case["batches"]]
    accepted = post(balances, batches, limits)
    return {"balances": balances, "batch_ok": accepted, "sum": sum(balances.values())}


def concurrency(case: Case) -> object:
    """Whatever the order, each request is served whole or refused."""
    book = Book()
    if _points(case["balance"]):
        book.award(Lot(id="all", made=(0, "all"), left=_points(case["balance"])), reason=Reason.AWARD, day=0)
    done = []
    for request in case["requests"]:
        for _time in range(int(request.get("times", 1))):
            try:
                book.spend(_points(request["points"]), day=0, reason=Reason.REDEMPTION)
            except RefusedError:
                continue
            done.append(request)
    return {"successes": len(done), "final_balance": book.available(0)}


def convert(case: Case) -> object:
    rate = Decimal(case["exchange_rate"])
    minor = case.get("currency", {}).get("minor", 2)
    rounding = Rounding(case.get("round") or case.get("rounding", {}).get("mode", "down"))
    if "amount" in case:
        return {"points": points_of_amount(Decimal(case["amount"]), rate, rounding=rounding)}
    return {"amount": amount_of_points(Decimal(case["points"]), rate, minor=minor, rounding=rounding)}


def accounting(case: Case) -> object:
    given, minor = case["accounting"], case.get("currency", {}).get("minor", 2)
    price = Decimal(given["transaction_price"])
    if "allocated_to_points" in given:
        deferred = Decimal(given["allocated_to_points"])
        told: Case = {"revenue_at_sale": money(price - deferred, minor)}
    else:
        allocation = allocate(
            price=price,
            goods_ssp=Decimal(given["goods_ssp"]),
            points=Decimal(given["points_issued"]),
            point_value=Decimal(given["point_value"]),
            expected_rate=Decimal(given["expected_redemption_rate"]),
            minor=minor,
        )
        deferred = allocation.deferred
        told = {"points_ssp": allocation.points_ssp, "revenue_at_sale": allocation.revenue}
    uses = [Use(Decimal(one["redeemed"]), Decimal(one["expected_total"])) for one in given.get("periods", [])]
    revenues = revenue_by_period(deferred, uses, minor=minor)
    return told | {
        "deferred_at_sale": deferred,
        "revenue_by_period": revenues,
        "liability_left": liability_left(deferred, revenues, minor=minor),
    }


KINDS: dict[str, Callable[[Case], object]] = {
    "points": points,
    "transfers": transfers,
    "concurrency": concurrency,
    "convert": convert,
    "accounting": accounting,
    **PROGRAMME_KINDS,
}


def _whole(value: object) -> int | None:
    return None if value is None else _points(value)


def _points(value: object) -> int:
    """Points and days are whole, however they are written: "100", "100.00"."""
    exact = Decimal(str(value))
    if exact != int(exact):
        raise NotServedError(f"a part of a point: {value}")
    return int(exact)


def _ids(event: Case) -> list[str]:
    return list(event["ids"]) if "ids" in event else [event["id"]]
