"""The vocabulary of the ledger: accounts, reasons, lots, and the moves of points between two accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """Where points of one customer stand. Every move names two of them, so the sum over all is always zero."""

    ISSUED = "issued"
    PENDING = "pending"
    AVAILABLE = "available"
    HELD = "held"
    DEBT = "debt"
    REDEEMED = "redeemed"
    PAID_OUT = "paid_out"
    EXPIRED = "expired"
    CLAWED_BACK = "clawed_back"
    TRANSIT = "transit"


class Reason(StrEnum):
    """Why points moved."""

    PURCHASE = "purchase"
    AWARD = "award"
    ACTIVATION = "activation"
    REDEMPTION = "redemption"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    PAYOUT = "payout"
    EXPIRY = "expiry"
    CANCELLATION = "cancellation"
    RETURN = "return"
    REPAYMENT = "repayment"
    REVERSAL = "reversal"
    GIFT = "gift"
    POOL = "pool"
    ADJUSTMENT = "adjustment"


class RefusedError(Exception):
    """The ledger refuses; nothing was changed."""


class ShortOfPointsError(RefusedError):
    """More points are wanted than can be had."""

    def __init__(self, *, wanted: int, usable: int) -> None:
        super().__init__(f"wanted {wanted}, usable {usable}")
        self.wanted, self.usable = wanted, usable


class UnknownLotError(RefusedError):
    """No such lot."""


class UnknownHoldError(RefusedError):
    """No such hold, or it is settled already."""


class OtherContentError(RefusedError):
    """The same id was used for another command."""


class PointsNotPositiveError(RefusedError):
    """Points to move are whole and above zero."""


@dataclass(slots=True)
class Lot:
    """Points that came together and expire together. Days are whole numbers counted from any one day.

    made: orders lots of the same expiry, oldest first. left: spendable, or not yet active while `is_pending`.
    cost, held_cost: the liability of `left` and of `held`, in the currency's minor unit.
    """

    id: str
    made: tuple[int, str]
    left: int
    cost: int = 0
    held: int = 0
    held_cost: int = 0
    expires_on: int | None = None
    activates_on: int | None = None
    is_pending: bool = False

    def is_usable(self, day: int) -> bool:
        """A lot is good through its last day."""
        return not self.is_pending and self.left > 0 and not self.is_past(day)

    def is_past(self, day: int) -> bool:
        return self.expires_on is not None and self.expires_on < day


@dataclass(frozen=True, slots=True)
class Part:
    """So many points of one lot, with the cost that goes with them."""

    lot: str
    points: int
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """Points that left `debit` for `credit`. parts: the lots concerned; empty where debt alone is."""

    debit: Account
    credit: Account
    reason: Reason
    points: int
    parts: tuple[Part, ...] = ()


def spend_order(lots: Sequence[Lot]) -> list[Lot]:
    """Earliest expiry first, lots without expiry last; of equal ones the oldest first."""
    return sorted(lots, key=lambda lot: (lot.expires_on is None, lot.expires_on or 0, lot.made))


def share_of_cost(cost: int, points: int, of: int) -> int:
    """The cost that `points` out of `of` take along, half up; all points take all of it, so nothing is left over."""
    return cost if points == of else (2 * cost * points + of) // (2 * of)


def moved(moves: Sequence[Move], credit: Account, *reasons: Reason) -> int:
    """Points that went to `credit` (for any of the reasons, if some are given)."""
    return sum(move.points for move in moves if move.credit == credit and (not reasons or move.reason in reasons))


def cost_moved(moves: Sequence[Move], credit: Account, lot: str | None = None) -> int:
    """Cost that went to `credit`, of one lot or of all."""
    return sum(
        part.cost for move in moves if move.credit == credit for part in move.parts if lot is None or part.lot == lot
    )
