"""The book of one customer: examples from the clause's defects, and a machine that tries everything."""

import dataclasses

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shouyue.membership.ledger.rules.book import Book, ReturnPolicy
from shouyue.membership.ledger.rules.moves import (
    Account,
    Lot,
    Part,
    Reason,
    RefusedError,
    ShortOfPointsError,
    moved,
    share_of_cost,
)


def lot(name: str, points: int, **more: int) -> Lot:
    return Lot(id=name, made=(0, name), left=points, **more)


def book_of(*lots: Lot, may_owe: bool = False) -> Book:
    book = Book(may_owe=may_owe)
    for one in lots:
        book.award(one, reason=Reason.AWARD, day=0)
    return book


def left(book: Book) -> dict[str, int]:
    return {name: one.left for name, one in book.lots.items()}


def test_spending_takes_the_earliest_expiry_then_the_oldest_and_lots_without_expiry_last() -> None:
    book = book_of(
        lot("none", 10), lot("late", 10, expires_on=9), lot("b", 10, expires_on=5), lot("a", 10, expires_on=5)
    )
    book.spend(25, day=5, reason=Reason.REDEMPTION)
    assert left(book) == {"none": 10, "late": 5, "b": 0, "a": 0}


def test_a_lot_is_good_through_its_last_day_and_not_a_day_longer() -> None:
    book = book_of(lot("a", 10, expires_on=5))
    assert (book.available(5), book.available(6)) == (10, 0)
    with pytest.raises(ShortOfPointsError) as refusal:
        book.spend(1, day=6, reason=Reason.REDEMPTION)
    assert (refusal.value.wanted, refusal.value.usable) == (1, 0)


def test_draining_a_lot_bit_by_bit_moves_all_its_cost() -> None:
    book = book_of(lot("a", 7, cost=100))
    for _time in range(7):
        book.spend(1, day=0, reason=Reason.REDEMPTION)
    assert sum(part.cost for move in book.moves if move.credit is Account.REDEEMED for part in move.parts) == 100
    assert (book.lots["a"].left, book.lots["a"].cost) == (0, 0)


def test_undoing_a_redemption_restores_the_same_lots_and_dates() -> None:
    book = book_of(lot("a", 10, cost=33, expires_on=5), lot("b", 10, cost=10))
    before = {name: dataclasses.replace(one) for name, one in book.lots.items()}
    book.spend(15, day=1, reason=Reason.REDEMPTION)
    book.restore(book.moves[-1].parts, debit=Account.REDEEMED, day=1)
    assert book.lots == before


def test_a_released_hold_returns_after_its_lot_has_passed_and_then_expires() -> None:
    book = book_of(lot("a", 10, expires_on=5))
    book.hold("h", day=5, points=4)
    assert book.expire(6) == 6
    book.release(["h"], day=6)
    assert (book.available(6), book.expire(6), book.held()) == (0, 4, 0)


def test_a_gift_keeps_dates_and_cost() -> None:
    giver, taker = book_of(lot("a", 10, cost=50, expires_on=5)), Book()
    giver.spend(4, day=1, to=Account.TRANSIT, reason=Reason.GIFT)
    parts = giver.moves[-1].parts
    assert parts == (Part("a", 4, 20),)
    taker.receive([lot("a2", 4, cost=20, expires_on=5)], reason=Reason.GIFT, day=1)
    assert (taker.available(5), taker.available(6), taker.liability()) == (4, 0, 20)


@pytest.mark.parametrize(
    ("policy", "taken", "available", "debt"),
    [
        (ReturnPolicy.ONLY_PENDING, 100, 50, 0),
        (ReturnPolicy.WITHIN_BALANCE, 150, 0, 0),
        (ReturnPolicy.UNLIMITED, 200, 0, 50),
    ],
)
def test_a_return_takes_back_what_its_policy_lets_it(
    policy: ReturnPolicy, taken: int, available: int, debt: int
) -> None:
    book = book_of(lot("old", 50), lot("new", 100, activates_on=24))
    assert book.take_back(200, policy=policy, day=12) == taken
    assert (book.available(12), book.pending(), book.debt) == (available, 0, debt)


def test_points_that_become_active_pay_the_debt_first() -> None:
    book = book_of(lot("a", 10), may_owe=True)
    book.cancel(25, day=0)
    book.award(lot("b", 20, activates_on=3), reason=Reason.PURCHASE, day=1)
    assert (book.debt, book.pending()) == (15, 20)
    book.activate(3)
    assert (book.debt, book.available(3)) == (0, 5)


def test_who_owes_has_nothing_to_spend() -> None:
    book = Book(debt=5, lots={"a": lot("a", 3)})
    with pytest.raises(ShortOfPointsError):
        book.spend(1, day=0, reason=Reason.REDEMPTION)


class Books(RuleBasedStateMachine):
    """Whatever is done, the moves explain every figure, and a refusal changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.books = [Book(may_owe=True), Book(may_owe=True)]
        self.day = 0
        self.names = 0
        self.issued_cost = 0

    def attempt(self, book: Book, verb, *args, **named) -> None:
        kept = repr(book)
        try:
            verb(*args, **named)
        except RefusedError:
            assert repr(book) == kept

    def name(self) -> str:
        self.names += 1
        return f"n{self.names}"

    who = st.integers(0, 1)
    some = st.integers(-1, 60)

    @rule(
        who=who,
        points=st.integers(1, 50),
        cost=st.integers(0, 70),
        wait=st.integers(0, 3),
        life=st.none() | st.integers(3, 9),
    )
    def earn(self, who: int, points: int, cost: int, wait: int, life: int | None) -> None:
        name = self.name()
        expires = None if life is None else self.day + life
        made = Lot(name, (self.names, name), points, cost, expires_on=expires, activates_on=self.day + wait)
        self.books[who].award(made, reason=Reason.AWARD, day=self.day)
        self.issued_cost += cost

    @rule(days=st.integers(1, 4))
    def wait(self, days: int) -> None:
        self.day += days
        for book in self.books:
            book.activate(self.day)

    @rule(who=who, points=some)
    def redeem(self, who: int, points: int) -> None:
        self.attempt(self.books[who], self.books[who].spend, points, day=self.day, reason=Reason.REDEMPTION)

    @rule(who=who, points=some)
    def undo(self, who: int, points: int) -> None:
        book = self.books[who]
        undone = {id(part) for move in book.moves if move.reason is Reason.REVERSAL for part in move.parts}
        spent = [move for move in book.moves if move.reason is Reason.REDEMPTION and id(move.parts[0]) not in undone]
        if spent:
            book.restore(spent[points % len(spent)].parts, debit=Account.REDEEMED, day=self.day)

    @rule(who=who, points=some)
    def hold(self, who: int, points: int) -> None:
        self.attempt(self.books[who], self.books[who].hold, self.name(), day=self.day, points=points)

    @precondition(lambda self: any(book.holds for book in self.books))
    @rule(points=st.none() | some, which=st.sampled_from(["capture", "release", "pay"]))
    def settle(self, points: int | None, which: str) -> None:
        book = next(book for book in self.books if book.holds)
        first = next(iter(book.holds))
        if which == "capture":
            self.attempt(book, book.capture, first, day=self.day, points=points)
        elif which == "release":
            self.attempt(book, book.release, list(book.holds), day=self.day, points=points)
        else:
            self.attempt(book, book.release_and_pay_out, [first], day=self.day, points=points or 1)

    @rule(who=who, points=st.integers(1, 60), policy=st.sampled_from(ReturnPolicy))
    def give_back_goods(self, who: int, points: int, policy: ReturnPolicy) -> None:
        self.books[who].take_back(points, policy=policy, day=self.day)

    @rule(who=who, points=some)
    def cancel(self, who: int, points: int) -> None:
        self.attempt(self.books[who], self.books[who].cancel, points, day=self.day)

    @rule(who=who)
    def expire(self, who: int) -> None:
        self.books[who].expire(self.day)

    @rule(who=who, which=st.integers(0, 9))
    def reinstate(self, who: int, which: int) -> None:
        book = self.books[who]
        came_back = {move.parts[0].lot for move in book.moves if move.debit is Account.EXPIRED}
        gone = {f"again {place}": move for place, move in enumerate(book.moves) if move.credit is Account.EXPIRED}
        if left := sorted(gone.keys() - came_back):
            name = left[which % len(left)]
            self.names += 1
            cost = sum(part.cost for part in gone[name].parts)
            points = gone[name].points
            book.reinstate(Lot(name, (self.names, name), points, cost, expires_on=self.day + 5), day=self.day)

    @rule(who=who, points=some)
    def give(self, who: int, points: int) -> None:
        self.hand_over(who, points, Reason.GIFT)

    def hand_over(self, who: int, points: int, reason: Reason) -> None:
        giver, taker = self.books[who], self.books[1 - who]
        before = len(giver.moves)
        self.attempt(giver, giver.spend, points, day=self.day, to=Account.TRANSIT, reason=reason)
        if len(giver.moves) > before:
            parts = giver.moves[-1].parts
            lots = [
                dataclasses.replace(
                    giver.lots[part.lot], id=self.name(), left=part.points, cost=part.cost, held=0, held_cost=0
                )
                for part in parts
            ]
            taker.receive(lots, reason=reason, day=self.day)

    @invariant()
    def moves_explain_the_books(self) -> None:
        transit = 0
        for book in self.books:
            net = {account: moved(book.moves, account) - self.out(book, account) for account in Account}
            assert sum(net.values()) == 0
            lots = book.lots.values()
            assert net[Account.AVAILABLE] == sum(one.left for one in lots if not one.is_pending)
            assert (net[Account.PENDING], net[Account.HELD], -net[Account.DEBT]) == (
                book.pending(),
                book.held(),
                book.debt,
            )
            assert book.held() == sum(part.points for parts in book.holds.values() for part in parts)
            assert not book.debt or not book.available(self.day)
            assert all(min(one.left, one.held, one.cost, one.held_cost) >= 0 for one in lots)
            assert all(one.left or not one.cost for one in lots)
            transit += net[Account.TRANSIT]
        assert transit == 0

    @invariant()
    def cost_has_no_residue(self) -> None:
        gone = 0
        for book in self.books:
            for account in (Account.REDEEMED, Account.PAID_OUT, Account.EXPIRED, Account.CLAWED_BACK, Account.DEBT):
                gone += sum(p.cost for m in book.moves if m.credit is account for p in m.parts)
                gone -= sum(p.cost for m in book.moves if m.debit is account for p in m.parts)
        assert gone + sum(book.liability() for book in self.books) == self.issued_cost

    @staticmethod
    def out(book: Book, account: Account) -> int:
        return sum(move.points for move in book.moves if move.debit is account)


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=60, stateful_step_count=30)


def test_all_points_take_all_the_cost_and_a_part_its_share() -> None:
    assert [share_of_cost(10, points, 4) for points in range(5)] == [0, 3, 5, 8, 10]
