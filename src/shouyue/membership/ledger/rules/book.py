"""The book of one customer: every verb that moves points, on plain values.

Actions fill a book from locked records, call one verb, and write the moves it noted. A verb that refuses leaves the
book as it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from shouyue.membership.ledger.rules.moves import (
    Account,
    Lot,
    Move,
    Part,
    PointsNotPositiveError,
    Reason,
    RefusedError,
    ShortOfPointsError,
    UnknownHoldError,
    UnknownLotError,
    share_of_cost,
    spend_order,
)


class ReturnPolicy(StrEnum):
    """What a return may take back: pending points alone, what the balance holds, or all with debt for the rest."""

    ONLY_PENDING = "only_pending"
    WITHIN_BALANCE = "within_balance"
    UNLIMITED = "unlimited"


@dataclass(slots=True)
class Book:
    """Open lots and holds of one customer, the debt, and the moves that the verbs noted.

    holds: parts that stand under a hold, by its id. may_owe: a clawback beyond the balance becomes debt.
    """

    lots: dict[str, Lot] = field(default_factory=dict)
    holds: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    debt: int = 0
    may_owe: bool = False
    moves: list[Move] = field(default_factory=list)

    # What there is.

    def available(self, day: int) -> int:
        return sum(lot.left for lot in self.lots.values() if lot.is_usable(day))

    def pending(self) -> int:
        return sum(lot.left for lot in self.lots.values() if lot.is_pending)

    def held(self) -> int:
        return sum(lot.held for lot in self.lots.values())

    def balance(self, day: int) -> int:
        return self.available(day) + self.held() - self.debt

    def liability(self) -> int:
        """The cost of everything that may still be used."""
        return sum(lot.cost + lot.held_cost for lot in self.lots.values())

    def held_cost(self) -> int:
        return sum(lot.held_cost for lot in self.lots.values())

    # Points come.

    def award(self, lot: Lot, *, reason: Reason, day: int) -> None:
        """A new lot; debt is paid from it as soon as it is active."""
        _positive(lot.left)
        if lot.id in self.lots:
            raise RefusedError(f"lot {lot.id} is there already")
        lot.is_pending = lot.activates_on is not None and lot.activates_on > day
        self.lots[lot.id] = lot
        to = Account.PENDING if lot.is_pending else Account.AVAILABLE
        self._note(Account.ISSUED, to, reason, [Part(lot.id, lot.left, lot.cost)])
        self._repay(day)

    def receive(self, lots: Iterable[Lot], *, reason: Reason, day: int) -> None:
        """Lots from another customer, with the dates and the cost they had there."""
        for lot in lots:
            self.lots[lot.id] = lot
            self._note(Account.TRANSIT, Account.AVAILABLE, reason, [Part(lot.id, lot.left, lot.cost)])
        self._repay(day)

    def activate(self, day: int) -> None:
        """Pending lots whose day has come can be spent."""
        for lot in spend_order(list(self.lots.values())):
            if lot.is_pending and lot.activates_on is not None and lot.activates_on <= day:
                lot.is_pending = False
                self._note(Account.PENDING, Account.AVAILABLE, Reason.ACTIVATION, [Part(lot.id, lot.left, lot.cost)])
        self._repay(day)

    # Points go.

    def spend(self, points: int, *, day: int, to: Account = Account.REDEEMED, reason: Reason) -> None:
        """Take points in spend order."""
        self._note(Account.AVAILABLE, to, reason, self._take(self._chosen(points, day)))

    def pay_out(self, *, day: int, points: int | None = None, cost: int | None = None) -> None:
        """Points that are paid back in money: so many, or as many as stand for `cost`."""
        chosen = self._chosen(points, day) if points is not None else self._worth(cost or 0, day)
        self._note(Account.AVAILABLE, Account.PAID_OUT, Reason.PAYOUT, self._take(chosen))

    def cancel(self, points: int, *, day: int, lot: str | None = None, reason: Reason = Reason.CANCELLATION) -> None:
        """Points that should not have been given: of one lot, or in spend order. Beyond the balance they are owed."""
        _positive(points)
        first = [] if lot is None else [self._lot(lot)]
        usable = [one for one in first if one.left and not one.is_past(day)]
        if lot is None or self.may_owe:
            usable += [one for one in self._usable(day) if one not in first]
        found = sum(one.left for one in usable)
        if found < points and not self.may_owe:
            raise ShortOfPointsError(wanted=points, usable=found)
        self._claw_back(usable, min(points, found), reason)
        self._owe(points - min(points, found), reason)

    def take_back(self, points: int, *, policy: ReturnPolicy, day: int, first: str | None = None) -> int:
        """A return takes points back as far as the policy lets it; returns how many. Pending ones go first.

        first: the lot that the returned purchase earned; it is taken before any other.
        """
        if points == 0:
            return 0
        _positive(points)
        pending = [lot for lot in spend_order(list(self.lots.values())) if lot.is_pending and lot.left]
        usable = pending if policy is ReturnPolicy.ONLY_PENDING else [*pending, *self._usable(day)]
        usable.sort(key=lambda lot: lot.id != first)
        found = min(points, sum(lot.left for lot in usable))
        self._claw_back(usable, found, Reason.RETURN)
        if policy is not ReturnPolicy.UNLIMITED:
            return found
        self._owe(points - found, Reason.RETURN)
        return points

    def expire(self, day: int) -> int:
        """Lots whose last day has passed lose what is left; returns how many points. What is held stays held."""
        before = len(self.moves)
        for lot in spend_order(list(self.lots.values())):
            if lot.left and lot.is_past(day):
                debit = Account.PENDING if lot.is_pending else Account.AVAILABLE
                self._note(debit, Account.EXPIRED, Reason.EXPIRY, self._take([(lot, lot.left)]))
        return sum(move.points for move in self.moves[before:])

    # Two steps.

    def hold(self, hold: str, *, day: int, points: int | None = None, cost: int | None = None) -> int:
        """Set points aside: so many, or as many as stand for `cost`. Returns how many."""
        if hold in self.holds:
            raise RefusedError(f"hold {hold} is there already")
        chosen = self._chosen(points, day) if points is not None else self._worth(cost or 0, day)
        parts = self._take(chosen)
        for part in parts:
            lot = self.lots[part.lot]
            lot.held += part.points
            lot.held_cost += part.cost
        self.holds[hold] = tuple(parts)
        self._note(Account.AVAILABLE, Account.HELD, Reason.HOLD, parts)
        return sum(part.points for part in parts)

    def capture(self, hold: str, *, day: int, points: int | None = None) -> None:
        """Spend what is held, all or `points` of it; the rest returns. A hold is settled once."""
        parts = self._held_parts(hold)
        wanted = sum(part.points for part in parts) if points is None else points
        taken, rest = _split(parts, wanted)
        del self.holds[hold]
        self._unhold(taken, Account.REDEEMED, Reason.CAPTURE)
        self._give_back(rest, day)

    def release(self, holds: Sequence[str], *, day: int, points: int | None = None) -> None:
        """Return what is held to the lots it came from: all, or `points` of it while the rest stays held."""
        standing = [(hold, self._held_parts(hold)) for hold in holds]
        held = sum(part.points for _hold, parts in standing for part in parts)
        wanted = held if points is None else _positive(points)
        if wanted > held:
            raise ShortOfPointsError(wanted=wanted, usable=held)
        for hold, parts in standing:
            here = min(wanted, sum(part.points for part in parts))
            if here:
                back, rest = _split(parts, here)
                wanted -= here
                self._give_back(back, day)
                self.holds[hold] = rest
            if not self.holds[hold]:
                del self.holds[hold]

    def release_and_pay_out(self, holds: Sequence[str], *, day: int, points: int | None = None) -> None:
        """Let go of holds and pay points, or all that is held, back in money instead, in one step or not at all."""
        held = sum(part.points for hold in holds for part in self._held_parts(hold))
        points = held if points is None else points
        freed = sum(
            part.points for hold in holds for part in self._held_parts(hold) if not self.lots[part.lot].is_past(day)
        )
        usable = max(0, self.available(day) + freed - self.debt)
        if not 0 < points <= min(held, usable):
            raise ShortOfPointsError(wanted=points, usable=min(held, usable))
        self.release(holds, day=day)
        self.pay_out(points=points, day=day)

    # Put right.

    def restore(self, parts: Iterable[Part], *, debit: Account, day: int, reason: Reason = Reason.REVERSAL) -> None:
        """Undo a spend: points return to the lots they came from, with their dates; debt is paid from them."""
        back = list(parts)
        for part in back:
            lot = self._lot(part.lot)
            lot.left += part.points
            lot.cost += part.cost
        self._note(debit, Account.AVAILABLE, reason, back)
        self._repay(day)

    def reinstate(self, lot: Lot, *, day: int) -> None:
        """Points that expired come back as a lot with days of its own; debt is paid from it."""
        _positive(lot.left)
        self.lots[lot.id] = lot
        self._note(Account.EXPIRED, Account.AVAILABLE, Reason.REVERSAL, [Part(lot.id, lot.left, lot.cost)])
        self._repay(day)

    # Inside.

    def _usable(self, day: int) -> list[Lot]:
        return spend_order([lot for lot in self.lots.values() if lot.is_usable(day)])

    def _lot(self, lot: str) -> Lot:
        if lot not in self.lots:
            raise UnknownLotError(lot)
        return self.lots[lot]

    def _held_parts(self, hold: str) -> tuple[Part, ...]:
        if hold not in self.holds:
            raise UnknownHoldError(hold)
        return self.holds[hold]

    def _chosen(self, points: int, day: int) -> list[tuple[Lot, int]]:
        _positive(points)
        lots = self._usable(day)
        usable = sum(lot.left for lot in lots)
        # Whoever owes has no points to spend before the debt is paid.
        if usable < points or self.debt:
            raise ShortOfPointsError(wanted=points, usable=0 if self.debt else usable)
        return _in_turn(lots, points)

    def _worth(self, cost: int, day: int) -> list[tuple[Lot, int]]:
        """Points in spend order whose cost is `cost`; of a lot that holds more, so many that they cover it."""
        _positive(cost)
        chosen: list[tuple[Lot, int]] = []
        missing = cost
        for lot in self._usable(day):
            if missing <= 0:
                break
            if not lot.cost:
                continue
            points = lot.left if lot.cost <= missing else -(-missing * lot.left // lot.cost)
            chosen.append((lot, points))
            missing -= min(lot.cost, missing)
        if missing or self.debt:
            raise ShortOfPointsError(wanted=cost, usable=cost - missing)
        return chosen

    def _take(self, chosen: Iterable[tuple[Lot, int]]) -> list[Part]:
        parts = []
        for lot, points in chosen:
            cost = share_of_cost(lot.cost, points, lot.left)
            lot.left -= points
            lot.cost -= cost
            parts.append(Part(lot.id, points, cost))
        return parts

    def _claw_back(self, lots: Sequence[Lot], points: int, reason: Reason) -> None:
        chosen = _in_turn(lots, points)
        for debit, is_pending in ((Account.PENDING, True), (Account.AVAILABLE, False)):
            of_kind = [(lot, some) for lot, some in chosen if lot.is_pending is is_pending]
            if of_kind:
                self._note(debit, Account.CLAWED_BACK, reason, self._take(of_kind))

    def _owe(self, points: int, reason: Reason) -> None:
        if points:
            self.debt += points
            self.moves.append(Move(Account.DEBT, Account.CLAWED_BACK, reason, points))

    def _repay(self, day: int) -> None:
        points = min(self.debt, self.available(day)) if self.debt else 0
        if points:
            parts = self._take(_in_turn(self._usable(day), points))
            self.debt -= points
            self._note(Account.AVAILABLE, Account.DEBT, Reason.REPAYMENT, parts)

    def _unhold(self, parts: Sequence[Part], to: Account, reason: Reason) -> None:
        for part in parts:
            lot = self.lots[part.lot]
            lot.held -= part.points
            lot.held_cost -= part.cost
        self._note(Account.HELD, to, reason, list(parts))

    def _give_back(self, parts: Sequence[Part], day: int) -> None:
        if not parts:
            return
        for part in parts:
            self.lots[part.lot].left += part.points
            self.lots[part.lot].cost += part.cost
        self._unhold(parts, Account.AVAILABLE, Reason.RELEASE)
        self._repay(day)

    def _note(self, debit: Account, credit: Account, reason: Reason, parts: list[Part]) -> None:
        self.moves.append(Move(debit, credit, reason, sum(part.points for part in parts), tuple(parts)))


def _positive(points: int) -> int:
    if points <= 0:
        raise PointsNotPositiveError(str(points))
    return points


def _in_turn(lots: Iterable[Lot], points: int) -> list[tuple[Lot, int]]:
    chosen = []
    for lot in lots:
        here = min(points, lot.left)
        if here:
            chosen.append((lot, here))
            points -= here
    return chosen


def _split(parts: Sequence[Part], points: int) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The first `points` of these parts, and the rest."""
    total = sum(part.points for part in parts)
    if not 0 < points <= total:
        raise ShortOfPointsError(wanted=points, usable=total)
    head: list[Part] = []
    tail: list[Part] = []
    for part in parts:
        here = min(points, part.points)
        points -= here
        cost = share_of_cost(part.cost, here, part.points)
        if here:
            head.append(Part(part.lot, here, cost))
        if here < part.points:
            tail.append(Part(part.lot, part.points - here, part.cost - cost))
    return tuple(head), tuple(tail)
