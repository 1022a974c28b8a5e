"""Purchases and customers on screen: what the reader sees, who may not, equal query counts for 1 and 30 rows."""

import csv
import re
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.customers.people.models import Customer
from shouyue.purchases.incoming.tests.import_ground import retail_rows, run_import, write_rows
from shouyue.purchases.orders.models import Order
from shouyue.store.models import ImportRun, Staff

pytestmark = pytest.mark.django_db
SALE = ("536365", "85123A", "HOLDER", 6, "2010-12-01 08:26:00", "2.55", "17850", "United Kingdom")
BACK = ("C536379", "85123A", "=HOLDER", -8, "2010-12-02 09:00:00", "2.55", "17850", "United Kingdom")
TILL = ("536380", "85123A", "HOLDER", 1, "2010-12-01 09:26:00", "2.55", "", "United Kingdom")
BAD = ("536381", "85123A", "x", 1, "2011-02-30", "2.55", "17850", "United Kingdom")


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    return client


def read(client: Client, address: str, language: str = "zh-hans") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "<c-" not in text
    return text


def read_csv(client: Client, address: str) -> list[list[str]]:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def order_address(number: str) -> str:
    order = Order.objects.get(number=number)
    return f"/orders/{order.customer_id}/{order.id}/"


def test_orders_and_their_customers(desk, tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE, BACK, TILL]))
    page = read(desk, "/orders/")
    for words in ("536365", "C536379", "17850", "订单"):
        assert words in page
    assert "536365" not in read(desk, "/orders/?kind=return").replace("C536379", "")
    assert "536380" in read(desk, "/orders/?number=536380")
    assert "没有" in read(desk, "/orders/?number=nothing")


def test_an_order_shows_what_a_return_undoes_and_what_is_left(desk, tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE, BACK]))
    back = read(desk, order_address("C536379"), "en")
    assert '6 from <a class="link" href="' + order_address("536365") in back
    assert "2 not linked: More was returned than bought and not yet returned." in back
    assert "6 returned with" in read(desk, order_address("536365"), "en")


def test_returns_that_are_not_linked_and_their_file(desk, tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE, BACK]))
    assert "C536379" in read(desk, "/returns/")
    assert "C536379" not in read(desk, "/returns/?reason=no_customer")
    heads, row = read_csv(desk, "/returns/not-linked.csv")
    assert heads[:2] == ["Returned on", "Order"]
    assert row == [
        *(
            "2010-12-02 09:00:00+00:00",
            "C536379",
            "Online Retail (sample data)",
            "17850",
            "85123A",
            "'=HOLDER",
            "8",
            "2",
        ),
        *("2.5500", "GBP", "More was returned than bought and not yet returned."),
    ]


def test_an_import_and_its_rejected_rows(desk, tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE, BAD]))
    run = ImportRun.objects.get()
    assert "a.csv" in read(desk, "/imports/")
    page = read(desk, f"/imports/{run.pk}/", "en")
    assert (
        "“InvoiceDate” is not a date and time that exists, or not written as this file writes them: 2011-02-30." in page
    )
    assert "“InvoiceDate”不是" in read(desk, f"/imports/{run.pk}/")
    heads, row = read_csv(desk, f"/imports/{run.pk}/0/rejected.csv")
    assert heads == [
        *("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"),
        *("row in the file", "reason"),
    ]
    assert row[:8] == [str(cell) for cell in BAD]


def test_corrected_rejected_rows_can_be_imported(desk, tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE, BAD, ("536390", *BACK[1:4], "2011-02-31", *BACK[5:])]))
    heads, *rows = read_csv(desk, f"/imports/{ImportRun.objects.get().pk}/0/rejected.csv")
    for row in rows:
        row[4] = "2011-02-28"
    again = run_import(write_rows(tmp_path / "b.csv", rows, tuple(heads)))
    assert (again.tally.created, again.tally.rejected) == (2, 0)


def test_customers_and_what_they_ordered(desk, tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE, BACK, TILL]))
    customer = Customer.objects.get(source_key="17850")
    page = read(desk, "/customers/")
    assert "17850" in page
    assert str(customer.pk) in page
    assert str(Customer.objects.get(kind="anonymous").pk) in read(desk, "/customers/?show=till")
    assert "17850" not in read(desk, "/customers/?number=1785").replace('value="1785"', "")
    assert "C536379" in read(desk, f"/customers/{customer.pk}/")


@pytest.mark.parametrize("address", ["/orders/", "/returns/", "/imports/", "/customers/", "/orders/?kind=sale"])
def test_pages_need_a_signed_in_person_and_stand_empty(client, desk, address):
    read(desk, address)
    assert Client().get(address).status_code == 302


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_lists_ask_as_many_questions_for_30_rows_as_for_one(desk, tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE, BACK, TILL, BAD]))
    run = ImportRun.objects.get()
    customer = Customer.objects.get(source_key="17850")
    addresses = [
        *("/orders/", "/returns/", "/imports/", "/customers/", f"/imports/{run.pk}/", f"/customers/{customer.pk}/"),
        order_address("536365"),
    ]
    for address in addresses:
        desk.get(address)
    few = {address: queries_of(desk, address) for address in addresses}
    more = [(f"6{n}", *SALE[1:4], f"2011-01-{n:02} 10:00", *SALE[5:]) for n in range(1, 30)]
    more += [(f"C7{n}", f"X{n}", *BACK[2:4], f"2011-02-{n:02}", *BACK[5:]) for n in range(1, 29)]
    more += [(f"8{n}", *SALE[1:6], 20_000 + n, SALE[7]) for n in range(30)]
    more += [("7000", f"L{n}", *SALE[2:]) for n in range(30)]
    more += [(f"9{n}", *BAD[1:]) for n in range(30)]
    run_import(write_rows(tmp_path / "b.csv", more))
    for number in range(30):
        run_import(write_rows(tmp_path / f"c{number}.csv", [SALE, (f"x{number}", *TILL[1:])]))
    addresses[4] = f"/imports/{ImportRun.objects.get(rejected=30).pk}/"
    addresses[6] = order_address("7000")
    many = {address: queries_of(desk, address) for address in addresses}
    assert list(many.values()) == list(few.values())


def test_pages_of_a_list_follow_each_other(desk, tmp_path):
    run_import(write_rows(tmp_path / "a.csv", retail_rows(600)))
    seen: list[str] = []
    address: str | None = "/orders/"
    while address:
        answer = desk.get(address)
        page = answer.context["page"]
        seen += [order.number for order in page.rows]
        address = f"/orders/{page.next_url}" if page.next_url else None
    assert seen == list(Order.objects.order_by("-placed_at", "-id").values_list("number", flat=True))


def test_the_orders_of_a_merged_person_are_one_list_and_one_count(desk, tmp_path):
    other = ("536382", "85123A", "HOLDER", 1, "2010-12-03 08:26:00", "2.55", "13047", "United Kingdom")
    run_import(write_rows(tmp_path / "a.csv", [SALE, BACK, other]))
    one, merged = (Customer.objects.get(source_key=number).pk for number in ("17850", "13047"))
    merge_customers(survivor=one, merged=merged, by="staff:1", at=datetime(2026, 3, 1, tzinfo=UTC))
    record = read(desk, f"/customers/{one}/")
    numbers = re.findall(r'data-label="编号"><a class="link" href="/orders/[^"]+">([^<]+)<', record)
    assert numbers == ["536382", "C536379", "536365"]
    listed = read(desk, "/customers/?cols=number&cols=purchases.orders")
    assert re.findall(r'<td class="num" data-label="订单">([^<]+)<', listed) == ["3", "3"]
