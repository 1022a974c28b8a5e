"""Merged numbers and households on the ledger's machine: whoever pays together pays exactly, by the order of expiry."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from shouyue.membership.ledger.rules.book import Book
from shouyue.membership.ledger.rules.moves import Reason
from shouyue.membership.ledger.tests import test_book as books
from shouyue.membership.persons.rules.spreading import Left, spread
from shouyue.membership.sharing.rules.shares import Purse, shares

ids = st.integers(0, 2).map(lambda number: UUID(int=number))
lots = st.builds(Left, ids, st.integers(1, 50), st.none() | st.integers(1, 5), st.integers(0, 9))


@given(st.integers(1, 150), st.lists(lots, max_size=6))
def test_the_numbers_of_a_person_pay_exactly_and_what_expires_later_waits(wanted, found):
    paid = spread(wanted, found)
    if paid is None:
        assert sum(lot.points for lot in found) < wanted
        return
    assert sum(paid.values()) == wanted
    late = [lot for lot in found if lot.expires_on is None]
    early = sum(lot.points for lot in found if lot.expires_on is not None)
    if wanted <= early:
        soon = {lot.customer_id for lot in found if lot.expires_on is not None}
        assert set(paid) <= soon
    else:
        assert sum(lot.points for lot in late) >= wanted - early


class Persons(books.Books):
    """Two numbers of one person, who are a household as well."""

    @rule(points=st.integers(1, 60))
    def redeem_as_one(self, points: int) -> None:
        before = [book.available(self.day) for book in self.books]
        told = spread(points, [left for who, book in enumerate(self.books) for left in self.left(who, book)])
        if told is None:
            assert sum(before) < points or any(book.debt for book in self.books)
            return
        for who, some in told.items():
            self.books[who.int].spend(some, day=self.day, reason=Reason.REDEMPTION)
        assert sum(before) - sum(book.available(self.day) for book in self.books) == points

    @rule(who=books.Books.who, points=st.integers(1, 60), cap=st.integers(0, 40))
    def draw(self, who: int, points: int, cap: int) -> None:
        giver = self.books[1 - who]
        usable = 0 if giver.debt else giver.available(self.day)
        told = shares(points, [Purse(UUID(int=1 - who), usable, cap)])
        if told is not None:
            before = giver.available(self.day)
            self.hand_over(1 - who, points, Reason.POOL)
            assert before - giver.available(self.day) == points <= cap

    def left(self, who: int, book: Book) -> list[Left]:
        if book.debt:
            return []
        return [
            Left(UUID(int=who), lot.left, lot.expires_on, lot.made[0])
            for lot in book.lots.values()
            if lot.is_usable(self.day)
        ]


TestPersons = Persons.TestCase
TestPersons.settings = settings(max_examples=40, stateful_step_count=30)
