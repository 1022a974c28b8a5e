"""The palette finds what is sold and where: by each kind of word, by code, after every change of a name."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.purchases.catalogue.actions.naming import ensure_products
from shouyue.purchases.catalogue.actions.telling import tell_categories, tell_channels, tell_products, tell_stores
from shouyue.purchases.catalogue.models import Category, EntryWords, Product, Store
from shouyue.purchases.catalogue.queries import LOOKED_AT, entries_found
from shouyue.purchases.catalogue.rules.told import CategoryTold, ChannelTold, ProductTold, StoreTold
from shouyue.store.models import Staff

pytestmark = pytest.mark.django_db
BY = {"source": "plain", "at": datetime(2026, 3, 1, tzinfo=UTC), "by": "test"}


def codes(asked: str, kind: str = "product") -> list[str]:
    return [one.code for one in entries_found(kind, asked, most=6)]


@pytest.fixture
def goods() -> None:
    tell_products(
        [
            ProductTold(code="T-100A", name="西湖龙井绿茶", name_en="Longjing green tea"),
            ProductTold(code="T-200", name="重庆沱茶"),
            ProductTold(code="85123A", name="WHITE HANGING HEART T-LIGHT HOLDER"),
        ],
        **BY,
    )


@pytest.fixture
def desk(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    return client


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("西湖龙井绿茶", ["T-100A"]),
        ("龙井", ["T-100A"]),  # characters inside
        ("茶", ["T-200", "T-100A"]),
        ("longjing", ["T-100A"]),  # pinyin, and the English name
        ("lvcha", ["T-100A"]),
        ("lucha", ["T-100A"]),
        ("xihulong", ["T-100A"]),  # begun
        ("chongqing", ["T-200"]),  # 重 has two readings
        ("xhlj", ["T-100A"]),  # initials
        ("ljlc", ["T-100A"]),
        ("green tea", ["T-100A"]),
        ("龙井 tea", ["T-100A"]),  # words of both names
        ("hanging heart", ["85123A"]),
        ("HOLDER", ["85123A"]),
        ("T-1", ["T-100A"]),  # a beginning of the code, in either case
        ("t-100a", ["T-100A"]),
        ("85123", ["85123A"]),
        ("85123a", ["85123A"]),
        ("乌龙", []),
        ("100A", []),
    ],
)
@pytest.mark.usefixtures("goods")
def test_a_product_is_found_by_each_kind_of_word(asked, found):
    assert sorted(codes(asked)) == sorted(found)


@pytest.mark.usefixtures("goods")
def test_what_was_asked_itself_stands_before_what_contains_it():
    tell_products([ProductTold(code="A1", name="绿茶杯"), ProductTold(code="Z9", name="绿茶")], **BY)
    assert codes("绿茶")[:2] == ["Z9", "A1"]
    tell_products([ProductTold(code="Z9", is_active=False)], **BY)
    assert codes("绿茶")[0] == "Z9"


def test_a_name_that_sales_change_is_found_as_it_stands():
    ensure_products("plain", {"P": ("紫砂壶", "2026-01-01 10:00:00+00:00")})
    assert (codes("zisha"), codes("tiehu")) == (["P"], [])
    ensure_products("plain", {"P": ("铁壶", "2026-02-01 10:00:00+00:00")})
    assert (codes("zisha"), codes("tiehu")) == ([], ["P"])
    ensure_products("plain", {"P": ("紫砂壶", "2026-01-02 10:00:00+00:00")})
    assert codes("tiehu") == ["P"]
    tell_products([ProductTold(code="P", name="老铁壶", name_en="Iron pot")], **BY)
    assert codes("laotie") == codes("iron") == ["P"]


def test_a_sale_that_names_nothing_new_writes_no_words():
    ensure_products("plain", {"P": ("紫砂壶", "2026-01-01 10:00:00+00:00")})
    with CaptureQueriesContext(connection) as queries:
        ensure_products("plain", {"P": ("紫砂壶", "2026-01-05 10:00:00+00:00")})
    assert len([one for one in queries if "entrywords" in str(one["sql"])]) == 0
    assert Product.objects.get().named_at == datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_categories_stores_and_channels_are_found_and_lead_to_their_pages(desk):
    tell_categories([CategoryTold(code="tea", name="茶叶", name_en="Tea")], **BY)
    tell_stores([StoreTold(code="S1", name="观前店", city="苏州"), StoreTold(code="S2", name="观山店")], **BY)
    tell_channels([ChannelTold(code="wx", name="微信商城")], **BY)
    store, category = Store.objects.get(code="S1"), Category.objects.get()

    def hits(asked: str) -> list[tuple[str, str]]:
        text = desk.post("/find", {"q": asked}, headers={"HX-Request": "true"}).content.decode()
        return re.findall(r'role="option"[^>]*href="([^"]*)"><span>([^<]*)</span>', text)

    assert (f"/products/stores/{store.pk}/", "观前店") in hits("gqd")
    assert (f"/products/?category={category.pk}", "茶叶") in hits("chaye")
    assert [title for _url, title in hits("微信商城")] == ["微信商城"]
    assert codes("观", "store") == ["S1", "S2"]
    assert codes("观", "product") == []  # of another kind
    tell_stores([StoreTold(code="S2", is_active=False)], **BY)
    page = desk.post("/find", {"q": "观山"}, headers={"HX-Request": "true"}).content.decode()
    assert "已关闭" in page


def test_the_palette_asks_as_much_of_many_products_as_of_none(desk):
    def asked(word: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.post("/find", {"q": word}, headers={"HX-Request": "true"}).status_code == 200
        return len(queries)

    few = asked("茶杯")
    tell_products([ProductTold(code=f"C{number}", name=f"茶杯{number}号") for number in range(500)], **BY)
    assert EntryWords.objects.count() == 500
    assert asked("茶杯") == few
    # However many fit, so many are looked at.
    assert len(codes("茶杯")) == 6
    with CaptureQueriesContext(connection) as queries:
        codes("茶杯")
    assert [str(one["sql"]).count(f"LIMIT {LOOKED_AT}") for one in queries] == [1]


def test_who_may_not_enter_finds_nothing(client):
    tell_products([ProductTold(code="T1", name="龙井")], **BY)
    assert client.post("/find", {"q": "龙井"}, headers={"HX-Request": "true"}).status_code == 401
