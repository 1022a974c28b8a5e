"""Where orders were made, what was sold and how it was paid, on the screens of orders."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.kernel.clock import now
from shouyue.main.mappings import BY_NAME
from shouyue.purchases.catalogue.models import Category, Channel, Product, Store
from shouyue.purchases.incoming.tests.import_ground import write_rows
from shouyue.purchases.orders.models import Order, Payment
from shouyue.store.imports.engine import Request, import_files
from shouyue.store.models import Staff

pytestmark = pytest.mark.django_db
ORDER_HEADS = (
    *("order_no", "customer_no", "ordered_at", "store", "channel", "paid_by"),
    *("item_code", "item_name", "quantity", "unit_price"),
)
ORDERS = [
    ("D1", "C1", "2026-01-05 10:00:00", "S1", "web", "wechat", "T1", "茶", 2, "50"),
    ("D1", "C1", "2026-01-05 10:00:00", "S1", "web", "cash", "P1", "壶", 1, "80"),
    ("D2", "C2", "2026-01-06 10:00:00", "S2", "counter", "card", "T1", "茶", 1, "50"),
    ("D3", "C2", "2026-01-07 10:00:00", "", "", "", "X1", "", 1, "9"),
]


def bring(folder: Path, orders: list[tuple[object, ...]]) -> dict[str, tuple[int, int, int, int]]:
    """Import a small company's files; returns created, updated, unchanged and rejected by step."""
    heads = ("code", "name", "name_en", "category", "category_en", "list_price", "currency")
    goods = [("T1", "龙井", "Longjing", "食品 > 茶", "Food > Tea", "60", "CNY"), ("P1", "", "", "家居", "Home", "", "")]
    stores = [("S1", "观前店", "Guanqian store", "苏州"), ("S2", "园区店", "Park store", "苏州")]
    folder.mkdir(exist_ok=True)
    write_rows(folder / "products.csv", goods, heads)
    write_rows(folder / "stores.csv", stores, ("code", "name", "name_en", "city"))
    write_rows(folder / "channels.csv", [("web", "官网", "Website")], heads[:3])
    write_rows(folder / "orders.csv", orders, ORDER_HEADS)
    reports = import_files(BY_NAME["plain"], Request([folder], by="test"), now=now)
    tallies = {one.step: one.tally for one in reports}
    return {step: (tally.created, tally.updated, tally.unchanged, tally.rejected) for step, tally in tallies.items()}


@pytest.fixture
def desk(tmp_path):
    bring(tmp_path / "files", ORDERS)
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(Staff.objects.create_user("lin@party.example", name="lin", party="a"))
    return client


def listed(desk, **asked) -> list[str]:
    text = b"".join(desk.get("/orders/", {"as": "csv", "cols": "store", **asked}).streaming_content).decode("utf-8-sig")
    return [row.split(",")[0] for row in text.splitlines()[1:]]


def test_files_fill_the_catalogue_and_every_row_has_an_outcome(tmp_path):
    assert bring(tmp_path / "a", ORDERS) == {"catalogue": (5, 0, 0, 0), "purchases": (4, 0, 0, 0)}
    found = Product.objects.values_list("code", "name", "category__code", "list_price_e4").order_by("code")
    assert list(found) == [
        ("P1", "壶", "家居", None),
        ("T1", "龙井", "食品 > 茶", 600_000),
        ("X1", "", None, None),
    ]
    assert set(Store.objects.values_list("code", "name")) == {("S1", "观前店"), ("S2", "园区店")}
    assert set(Channel.objects.values_list("code", "name")) == {("web", "官网"), ("counter", "")}
    assert list(Category.objects.filter(parent=None).values_list("code", flat=True).order_by("code")) == [
        "家居",
        "食品",
    ]
    # The same orders and one of them paid meanwhile: its row is what is new.
    paid = [*ORDERS[:3], (*ORDERS[3][:5], "alipay", *ORDERS[3][6:])]
    assert bring(tmp_path / "b", paid) == {"catalogue": (0, 0, 5, 0), "purchases": (0, 1, 3, 0)}
    assert list(Payment.objects.filter(method="alipay").values_list("amount_e4", flat=True)) == [90_000]


def test_orders_are_filtered_by_store_channel_category_and_product(desk):
    store, channel = Store.objects.get(code="S1"), Channel.objects.get(code="web")
    assert listed(desk) == ["D3", "D2", "D1"]
    assert listed(desk, store=store.pk) == listed(desk, channel=channel.pk) == ["D1"]
    assert listed(desk, category=Category.objects.get(code="食品").pk) == ["D2", "D1"]
    assert listed(desk, product=Product.objects.get(code="P1").pk) == ["D1"]
    assert listed(desk, product="nonsense") == ["D3", "D2", "D1"]
    page = desk.get("/orders/", {"product": Product.objects.get(code="T1").pk}).content.decode()
    assert "Only orders with Longjing" in page
    assert "Guanqian store" in page


def test_an_order_shows_where_it_was_made_and_how_it_was_paid(desk):
    order = Order.objects.get(number="D1")
    page = desk.get(f"/orders/{order.customer_id}/{order.id}/").content.decode()
    for words in ("Guanqian store · Website", "WeChat Pay", "cash", "Payments"):
        assert words in page
    assert page.count("180.00") == 2  # the total, and what was paid


def test_without_stores_and_categories_nothing_asks_for_them(desk):
    Order.objects.update(store=None, channel=None)
    Store.objects.all().delete()
    Channel.objects.all().delete()
    page = desk.get("/orders/").content.decode()
    assert ("All stores" in page, "All channels" in page, "All categories" in page) == (False, False, True)


def test_the_list_asks_as_much_for_many_orders_as_for_few(desk, tmp_path):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/orders/").status_code == 200
        return len(queries)

    few = asked()
    more = [(f"M{n}", f"C{n}", "2026-01-05 10:00:00", f"S{n}", "web", "cash", f"T{n}", "x", 1, "1") for n in range(30)]
    bring(tmp_path / "more", more)
    assert asked() == few
