"""Rows become orders: kinds of lines, whole orders, and the readers of each mapping."""

from datetime import UTC, datetime
from hashlib import blake2b

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.lists.rules.plain import PlainCustomerReader
from shouyue.kernel.cells import RowRejectedError
from shouyue.purchases.incoming.rules import olist, plain
from shouyue.purchases.incoming.rules.online_retail import CODES, COLUMNS, OnlineRetailReader
from shouyue.purchases.orders.rules.drafts import (
    NO_GROUP,
    CustomerDraft,
    Identities,
    PaymentDraft,
    assemble,
    lines_content,
    order_content,
)
from shouyue.purchases.orders.rules.lines import Codes
from shouyue.purchases.orders.rules.told import ToldLine, order_told, utc_text

AT, LATER = "2011-01-01 09:00:00+00:00", "2011-01-01 09:05:00+00:00"


def sale(item="A", quantity=1, price=10_000, at=AT):
    return ("sale", True, item, "", quantity, price, at)


@pytest.mark.parametrize(
    ("item", "quantity", "price", "in_return", "kind"),
    [
        ("85123A", 1, 25_500, False, "sale"),
        ("85123A", -1, 25_500, True, "return"),
        ("POST", -1, 25_500, True, "return"),
        ("POST", 1, 25_500, False, "fee"),
        ("M", 1, 25_500, False, "adjustment"),
        ("85123A", -7, 0, False, "adjustment"),
        ("85123A", 7, 0, False, "adjustment"),
        ("B", 1, -110_620_600, False, "adjustment"),
        ("85123A", 1, 25_500, True, "adjustment"),
    ],
)
def test_kind_of_a_line(item, quantity, price, in_return, kind):
    assert CODES.kind(item, quantity=quantity, unit_price_e4=price, in_return=in_return) == kind


@given(st.text(min_size=1, max_size=3), st.integers(-9, 9), st.integers(-9, 9), st.booleans())
def test_a_sale_gives_and_a_return_takes_back(item, quantity, price, in_return):
    kind = Codes(fees=frozenset("F"), adjustments=frozenset("M")).kind(
        item, quantity=quantity, unit_price_e4=price, in_return=in_return
    )
    assert kind != "sale" or (quantity > 0 and price > 0 and not in_return)
    assert (kind == "return") == (in_return and quantity < 0)


def test_an_order_takes_the_moment_of_its_earliest_line():
    rows = [
        ("c", "o", lines_content("1", ("7",), (sale(at=LATER),))),
        ("c", "o", lines_content("1", ("7",), (sale(),))),
    ]
    _, [order] = assemble(rows, currency="GBP")
    assert (order.placed_at, [line.sold_at for line in order.lines], order.rows) == (AT, [LATER, AT], [0, 1])
    assert (order.total_e4, order.kind, order.status, order.status_is_told) == (20_000, "sale", "completed", False)


def test_lines_without_a_moment_take_that_of_the_order():
    rows = [
        ("c", "o", order_content("1", ("7",), "cancelled", AT)),
        ("c", "o", lines_content("1", ("7",), (sale(at=None),))),
    ]
    _, [order] = assemble(rows, currency="BRL")
    assert (order.lines[0].sold_at, order.status, order.status_is_told) == (AT, "cancelled", True)


def test_kind_of_an_order():
    def kind(*kinds: str) -> str:
        lines = [(one, True, "A", "", 1, 1, AT) for one in kinds]
        content = lines_content("1", ("",), lines) if lines else order_content("1", ("",), "placed", AT)
        return assemble([("c", "o", content)], currency="GBP")[1][0].kind

    assert [kind("sale", "fee"), kind("return", "sale"), kind("fee", "adjustment"), kind()] == [
        "sale",
        "return",
        "adjustment",
        "sale",
    ]


def test_content_tells_orders_apart_but_not_their_status():
    def content(status: str, quantity: int) -> bytes:
        rows = [
            ("c", "o", order_content("1", ("7",), status, AT)),
            ("c", "o", lines_content("1", ("7",), (sale(quantity=quantity),))),
        ]
        return assemble(rows, currency="BRL")[1][0].content()

    assert content("placed", 1) == content("cancelled", 1)
    assert content("placed", 1) != content("placed", 2)
    assert len(content("placed", 1)) == 16


def test_online_retail_row():
    parse = OnlineRetailReader("Europe/London").parser("lines", COLUMNS)
    row = ["C536379", "D", " Discount ", -1, "2010-12-01 09:41:00", "27.50", 14527.0, "United Kingdom"]
    customer_id, order_id, content = parse(row)
    ids = Identities("online_retail")
    assert (customer_id, order_id) == (ids.customer("14527"), ids.order("C536379"))
    line = ("return", False, "D", "Discount", -1, 275_000, "2010-12-01 09:41:00+00:00")
    assert content == ["l", "C536379", ("14527", "United Kingdom"), (line,)]


def test_online_retail_without_a_customer_stands_alone():
    parse = OnlineRetailReader("Europe/London").parser("lines", COLUMNS)
    buyers = {parse([number, "A", "", 1, "2010-12-01", 1, None, ""])[0] for number in ("1", "2")}
    assert len(buyers) == 2


def olist_reader() -> olist.OlistReader:
    reader = olist.OlistReader("America/Sao_Paulo")
    reader.parser("customers", olist.CUSTOMER_COLUMNS)(["c1", "u1", "sao paulo", "SP"])
    reader.parser("orders", olist.ORDER_COLUMNS)(["o1", "c1", "canceled", "2017-07-09 21:57:05"])
    return reader


def test_olist_files_point_at_one_another():
    ids = Identities("olist")
    customer_id, order_id, content = olist_reader().parser("items", olist.ITEM_COLUMNS)(
        ["o1", "1", "p", "99.9", "27.65"]
    )
    assert (customer_id, order_id) == (ids.customer("u1"), ids.order("o1"))
    assert content[3] == (
        ("sale", True, "p", "", 1, 999_000, None),
        ("fee", False, "freight", "", 1, 276_500, None),
    )


@pytest.mark.parametrize(
    ("file", "row", "code", "column"),
    [
        ("customers", ["c1", "u2", "", ""], "repeated_key", "customer_id"),
        ("orders", ["o2", "c9", "delivered", "2017-07-09 21:57:05"], "not_in_file", "customer_id"),
        ("orders", ["o1", "c1", "delivered", "2017-07-09 21:57:05"], "repeated_key", "order_id"),
        ("orders", ["o2", "c1", "lost", "2017-07-09 21:57:05"], "unknown_word", "order_status"),
        ("items", ["o9", "1", "p", "1", "1"], "not_in_file", "order_id"),
        ("items", ["o1", "1", "p", "free", "1"], "not_amount", "price"),
    ],
)
def test_olist_rows_that_point_nowhere_are_rejected(file, row, code, column):
    columns = {"customers": olist.CUSTOMER_COLUMNS, "orders": olist.ORDER_COLUMNS, "items": olist.ITEM_COLUMNS}[file]
    with pytest.raises(RowRejectedError) as rejected:
        olist_reader().parser(file, columns)(row)
    assert (rejected.value.code, rejected.value.column) == (code, column)


def test_plain_rows():
    reader = plain.PlainReader("Asia/Shanghai")
    customer_id, group, _content = PlainCustomerReader("").parser("customers", ("customer_no", "city"))(["YS1", "苏州"])
    assert group == NO_GROUP
    columns = ("order_no", "customer_no", "ordered_at", "item_code", "item_name", "quantity", "unit_price")
    row = ["T1", "YS1", "2026-01-02 10:00:00", "BB", "推车", "-2", "12.50"]
    buyer, _, content = reader.parser("orders", columns)(row)
    assert buyer == customer_id
    assert content[3:] == [(("return", True, "BB", "推车", -2, 125_000, "2026-01-02 02:00:00+00:00"),)]


def test_plain_rows_may_tell_where_and_how_it_was_paid():
    columns = ("order_no", "customer_no", "ordered_at", "item_code", "quantity", "unit_price", "store", "paid_by")
    parse = plain.PlainReader("Asia/Shanghai").parser("orders", columns)
    rows = [
        parse(["T1", "YS1", "2026-01-02 10:00:00", item, quantity, "12.50", "S1", method])
        for item, quantity, method in (("BB", "2", "wechat"), ("CC", "1", "cash"), ("DD", "1", "wechat"))
    ]
    _customers, [order] = assemble(rows, currency="CNY")
    at = "2026-01-02 02:00:00+00:00"
    assert (order.store, order.channel) == ("S1", "")
    assert order.payments == [("wechat", "wechat", 375_000, at), ("cash", "cash", 125_000, at)]
    assert order.total_e4 == 500_000


def test_where_an_order_was_made_and_how_it_was_paid_is_no_content():
    def content(place: tuple[str, ...] = (), payments: tuple[tuple[object, ...], ...] = ()) -> bytes:
        row = ("c", "o", lines_content("1", ("7",), (sale(),), place, payments))
        return assemble([row], currency="CNY")[1][0].content()

    # As it was before orders had either: what was recorded then is still the same.
    told = ["1", AT, "CNY", ["sale", True, "A", "", 1, 10_000, AT]]
    assert content() == blake2b(orjson.dumps(told), digest_size=16).digest()
    assert content() == content(("S1", ""), (("1", "cash", 10_000, None),))


texts = st.text("ab", max_size=2)
payments = st.lists(st.builds(PaymentDraft, texts, st.just("cash"), st.integers(-5, 5), st.none() | st.just(LATER)))
lines = st.lists(st.builds(ToldLine, texts, texts, st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=3)


@given(texts, st.none() | st.just("placed"), lines, st.tuples(texts, texts), payments)
def test_an_order_told_in_one_piece_is_the_one_that_rows_make(key, status, told, place, paid):
    """A program's sale and a file's are one order, whichever comes first."""
    customer, at = CustomerDraft(key), datetime(2011, 1, 1, 9, tzinfo=UTC)
    order = order_told(
        source="plain",
        number="1",
        customer=customer,
        placed_at=at,
        currency="CNY",
        status=status,
        lines=told,
        place=place,
        payments=paid,
    )
    drafts = [(*line[:6], None, line.undoes) for line in order.lines]
    contents = [
        order_content("1", customer, status or "", utc_text(at)),
        lines_content("1", customer, drafts, place, paid),
    ]
    _, [made] = assemble([(order.customer_id, order.id, one) for one in contents], currency="CNY")
    made.rows = []
    assert made == order
