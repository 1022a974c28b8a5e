"""What was sold: figures against lines counted by hand, and the pages of products, categories and stores."""

from datetime import date
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shouyue.purchases.catalogue.models import Category, Product, Store
from shouyue.purchases.orders.models import Order
from shouyue.purchases.orders.tests.test_places import bring
from shouyue.purchases.sales.queries.places import sales_by_category, sales_by_store
from shouyue.purchases.sales.queries.products import buyers_of_product, months_of, sold_of
from shouyue.purchases.sales.rules.selling import NOTHING_SOLD, Month, Sold, rolled_up, without_gaps
from shouyue.store.models import Staff

ORDERS = [
    ("D1", "C1", "2026-01-05 10:00:00", "S1", "web", "", "T1", "茶", 3, "50"),
    ("D2", "C2", "2026-01-31 23:30:00", "S1", "counter", "", "T1", "茶", 1, "40"),
    ("D3", "", "2026-03-01 10:00:00", "S2", "", "", "T1", "茶", 1, "50"),
    ("D4", "C2", "2026-03-02 10:00:00", "S2", "", "", "P1", "壶", 1, "80"),
    ("B1", "C1", "2026-03-05 10:00:00", "S1", "", "", "T1", "茶", -2, "50"),
]


@given(st.lists(st.dates(date(2024, 1, 1), date(2026, 12, 1)).map(lambda day: day.replace(day=1)), unique=True))
def test_months_stand_in_a_row_without_gaps(firsts):
    shown = without_gaps([Month(first, 1, 1) for first in firsts], most=1_000)
    places = [one.first.year * 12 + one.first.month for one in shown]
    assert places == list(range(places[0], places[-1] + 1)) if places else not firsts
    assert sum(one.amount_e4 for one in shown) == len(firsts)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=12))
def test_what_stands_at_the_top_is_all_there_is(amounts):
    keys = [UUID(int=place) for place in range(6)]
    parents = {keys[0]: None, keys[1]: keys[0], keys[2]: keys[1], keys[3]: None, keys[4]: keys[3], keys[5]: keys[3]}
    own: dict[UUID, int] = {}
    for place, amount in amounts:
        own[keys[place]] = own.get(keys[place], 0) + amount
    total = rolled_up(own, parents)
    assert total[keys[0]] + total[keys[3]] == sum(own.values())
    assert total[keys[1]] == sum(own.get(keys[place], 0) for place in (1, 2))


def test_a_return_rate_stands_within_its_interval():
    sold = Sold("CNY", 100, 3, 1, 90, 3, 50)
    interval = sold.return_interval
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0114, 0.0935)
    assert interval.low < (sold.return_share or 0) < interval.high
    assert (NOTHING_SOLD.return_share, NOTHING_SOLD.return_interval) == (None, None)


@pytest.fixture
def company(db, tmp_path) -> Client:
    bring(tmp_path / "files", ORDERS)
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(Staff.objects.create_user("lin@party.example", name="lin", party="a"))
    return client


def product(code: str) -> Product:
    return Product.objects.get(code=code)


def test_figures_are_those_of_the_lines(company):
    tea, pot = product("T1").pk, product("P1").pk
    # Of three lines that sold tea one came back in part, whatever the pieces.
    assert sold_of([tea, pot, UUID(int=1)]) == {
        tea: Sold("CNY", 5, 2, 1_400_000, 3, 1, 2),
        pot: Sold("CNY", 1, 0, 800_000, 1, 0, 1),
        UUID(int=1): NOTHING_SOLD,
    }
    # The last half hour of January in Shanghai is January.
    assert months_of(tea, currency="CNY", zone="Asia/Shanghai") == [
        Month(date(2026, 1, 1), 1_900_000, 4),
        Month(date(2026, 3, 1), -500_000, 1),
    ]
    assert [(one.customer.source_key, one.pieces) for one in buyers_of_product(tea, currency="CNY")] == [
        ("C1", 3),
        ("C2", 1),
    ]
    Order.objects.filter(number="D2").update(status="cancelled")
    assert sold_of([tea])[tea] == Sold("CNY", 4, 2, 1_000_000, 2, 1, 1)


def test_categories_hold_what_is_below_them_and_stores_what_they_sold(company):
    # They stand by their names, which are other ones in another language.
    with translation.override("zh-hans"):
        page = sales_by_category()
    assert page.currency == "CNY"
    assert [(row.category.code, row.depth, row.products, row.pieces, row.amount_e4) for row in page.rows] == [
        ("家居", 0, 1, 1, 800_000),
        ("食品", 0, 1, 3, 1_400_000),
        ("食品 > 茶", 1, 1, 3, 1_400_000),
    ]
    assert [round(row.share, 3) for row in page.rows] == [0.364, 0.636, 0.636]
    assert [(row.store.code, row.orders, row.amount_e4, row.customers) for row in sales_by_store()] == [
        ("S2", 2, 1_300_000, 2),
        ("S1", 2, 900_000, 2),
    ]


def test_pages_say_what_was_sold_and_lead_on(company):
    tea, shop = product("T1"), Store.objects.get(code="S1")
    page = company.get(f"/products/{tea.pk}/").content.decode()
    for words in ("Longjing", "¥60.00", "33.3", "95% interval", f"/orders/?product={tea.pk}", "C1", "Mar 2026"):
        assert words in page
    page = company.get("/products/categories/").content.decode()
    assert f"/products/?category={Category.objects.get(code='食品').pk}" in page
    assert "63.6" in page
    assert "Guanqian store" in company.get("/products/stores/").content.decode()
    page = company.get(f"/products/stores/{shop.pk}/").content.decode()
    for words in ("Website", f"/orders/?store={shop.pk}", "Jan 2026"):
        assert words in page
    assert company.get(f"/products/{UUID(int=1)}/").status_code == 404


def test_products_are_listed_filtered_peeked_and_exported(company):
    def codes(**asked) -> list[str]:
        answer = company.get("/products/", {"as": "csv", "cols": "pieces", **asked})
        return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]

    assert codes() == ["P1,1", "T1,5"]
    assert codes(words="ongj") == codes(category=Category.objects.get(code="食品").pk) == ["T1,5"]
    assert codes(is_active="no") == []
    peeked = company.get("/products/", {"peek": str(product("T1").pk)}, headers={"HX-Target": "peek"}).content.decode()
    assert "Longjing" in peeked
    assert "Return rate" in peeked


def test_lists_ask_as_much_for_many_products_as_for_few(company, tmp_path):
    def asked() -> list[int]:
        counts = []
        for address in ("/products/", "/products/categories/", "/products/stores/", f"/products/{product('T1').pk}/"):
            with CaptureQueriesContext(connection) as queries:
                assert company.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    few = asked()
    more = [(f"M{n}", f"C{n}", "2026-01-05 10:00:00", f"S{n}", "web", "", f"T{n}", "x", 1, "1") for n in range(1, 31)]
    bring(tmp_path / "more", more)
    assert asked() == few
