"""Returns undo earlier lines: examples, and properties against a slow second solution."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shouyue.purchases.orders.rules.returns import (
    MORE_THAN_BOUGHT,
    NAMED_LINE_UNKNOWN,
    NO_CUSTOMER,
    NO_EARLIER_PURCHASE,
    NOT_A_PRODUCT,
    Link,
    Movement,
    Unlinked,
    link_returns,
)

START = datetime(2011, 1, 1, tzinfo=UTC)


def line(number: int, minute: int, quantity: int, *, back: bool = False, item: str = "A", product: bool = True):
    return Movement(UUID(int=number), item, START + timedelta(minutes=minute), quantity, back, product)


def naming(back: Movement, named: int) -> Movement:
    return back._replace(undoes=UUID(int=named))


def test_return_takes_the_newest_earlier_sale_first():
    links, unlinked = link_returns([line(1, 0, 5), line(2, 1, 5), line(3, 9, 5), line(4, 5, 7, back=True)])
    assert links == [Link(UUID(int=4), UUID(int=2), 5), Link(UUID(int=4), UUID(int=1), 2)]
    assert unlinked == []


def test_sale_of_the_same_minute_counts_as_earlier_whichever_row_comes_first():
    for sale_id, return_id in ((1, 2), (2, 1)):
        links, _ = link_returns([line(sale_id, 3, 1), line(return_id, 3, 1, back=True)])
        assert links == [Link(UUID(int=return_id), UUID(int=sale_id), 1)]


def test_of_two_returns_at_one_moment_the_smaller_is_served_first():
    links, unlinked = link_returns([line(1, 0, 3), line(2, 5, 4, back=True), line(3, 5, 2, back=True)])
    assert links == [Link(UUID(int=3), UUID(int=1), 2), Link(UUID(int=2), UUID(int=1), 1)]
    assert unlinked == [Unlinked(UUID(int=2), 3, MORE_THAN_BOUGHT, START + timedelta(minutes=5))]


def test_a_return_that_names_a_line_takes_from_that_line_alone_and_first():
    lines = [line(1, 0, 3), line(2, 1, 3), naming(line(4, 9, 2, back=True), 1), line(3, 5, 5, back=True)]
    links, unlinked = link_returns(lines)
    assert links[0] == Link(UUID(int=4), UUID(int=1), 2)
    assert links[1:] == [Link(UUID(int=3), UUID(int=2), 3), Link(UUID(int=3), UUID(int=1), 1)]
    assert unlinked == [Unlinked(UUID(int=3), 1, MORE_THAN_BOUGHT, START + timedelta(minutes=5))]


def test_each_reason():
    def reason(*lines: Movement, anonymous: bool = False) -> str:
        return link_returns(lines, is_anonymous=anonymous)[1][0].reason

    assert reason(line(1, 0, 1), line(2, 1, 1, back=True), anonymous=True) == NO_CUSTOMER
    assert reason(line(1, 0, 1, back=True, product=False)) == NOT_A_PRODUCT
    assert reason(line(1, 0, 1), naming(line(2, 1, 1, back=True), 9)) == NAMED_LINE_UNKNOWN
    assert reason(line(1, 9, 1), naming(line(2, 1, 1, back=True), 1)) == NAMED_LINE_UNKNOWN
    assert reason(line(1, 0, 1), naming(line(2, 1, 3, back=True), 1)) == MORE_THAN_BOUGHT
    assert reason(line(1, 9, 1), line(2, 1, 1, back=True)) == NO_EARLIER_PURCHASE
    assert reason(line(1, 0, 1, item="B"), line(2, 1, 1, back=True)) == NO_EARLIER_PURCHASE
    assert reason(line(1, 0, 1), line(2, 1, 2, back=True)) == MORE_THAN_BOUGHT
    assert reason(line(1, 0, 1), line(2, 1, 1, back=True), line(3, 2, 1, back=True)) == MORE_THAN_BOUGHT


movements = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 6), st.integers(1, 5), st.booleans()), max_size=14
).map(lambda rows: [line(n, at, q, back=back, item=item) for n, (item, at, q, back) in enumerate(rows, 1)])


@given(movements)
def test_pieces_are_neither_lost_nor_made(lines):
    links, unlinked = link_returns(lines)
    for one in lines:
        taken = sum(link.quantity for link in links if one.id in (link.return_line_id, link.sale_line_id))
        rest = sum(left.quantity for left in unlinked if left.line_id == one.id)
        assert taken + rest == one.quantity if one.is_return else taken <= one.quantity


@given(movements)
def test_links_join_the_same_item_and_never_a_later_sale(lines):
    by_id = {one.id: one for one in lines}
    for link in link_returns(lines)[0]:
        back, sale = by_id[link.return_line_id], by_id[link.sale_line_id]
        assert (back.item, back.is_return, sale.is_return) == (sale.item, True, False)
        assert sale.at <= back.at


@given(movements, st.randoms())
def test_order_of_rows_changes_nothing(lines, random):
    shuffled = lines[:]
    random.shuffle(shuffled)
    assert link_returns(shuffled) == link_returns(lines)


@given(movements)
def test_agrees_with_linking_piece_by_piece(lines):
    """A second solution: every piece on its own, each return's piece taking the newest free piece sold before."""
    free = [one for one in lines if not one.is_return for _ in range(one.quantity)]
    wanted: dict[tuple[UUID, UUID], int] = {}
    for back in sorted((one for one in lines if one.is_return), key=lambda one: (one.at, one.quantity, one.id)):
        for _ in range(back.quantity):
            fitting = [one for one in free if one.item == back.item and one.at <= back.at]
            if fitting:
                newest = max(fitting, key=lambda one: (one.at, one.id))
                free.remove(newest)
                wanted[back.id, newest.id] = wanted.get((back.id, newest.id), 0) + 1
    links, _ = link_returns(lines)
    assert {(link.return_line_id, link.sale_line_id): link.quantity for link in links} == wanted


@given(movements, st.data())
def test_named_lines_are_kept_to_and_order_still_changes_nothing(lines, data):
    sales = [one.id for one in lines if not one.is_return]
    named = st.none() | st.sampled_from(sales) if sales else st.none()
    lines = [one._replace(undoes=data.draw(named)) if one.is_return else one for one in lines]
    by_id = {one.id: one for one in lines}
    links, unlinked = link_returns(lines)
    assert [link for link in links if by_id[link.return_line_id].undoes not in (None, link.sale_line_id)] == []
    for one in lines:
        taken = sum(link.quantity for link in links if one.id in (link.return_line_id, link.sale_line_id))
        rest = sum(left.quantity for left in unlinked if left.line_id == one.id)
        assert taken + rest == one.quantity if one.is_return else taken <= one.quantity
    assert link_returns(data.draw(st.permutations(lines))) == (links, unlinked)
