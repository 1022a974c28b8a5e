"""The catalogue: told in batches, named by sales, read by programs."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shouyue.purchases.catalogue.actions.naming import ensure_products
from shouyue.purchases.catalogue.actions.telling import tell_categories, tell_products
from shouyue.purchases.catalogue.models import Category, Channel, Product, Store
from shouyue.purchases.catalogue.queries import category_tree, products_below
from shouyue.purchases.catalogue.rules import files
from shouyue.purchases.catalogue.rules.told import (
    DEPTH_MAX,
    CategoryCircleError,
    CategoryTold,
    ProductTold,
    check_tree,
    path_told,
)
from shouyue.rest.tests.callers import a_caller, caller, made_key, new_idempotency_key, post, problem_of
from shouyue.store.models import Fact

AT = datetime(2026, 3, 1, tzinfo=UTC)
BY = {"source": "plain", "at": AT, "by": "test"}


def sold(minutes: int) -> str:
    return (AT + timedelta(minutes=minutes)).isoformat(sep=" ")


def test_a_path_names_every_category_down_to_it():
    told = path_told("母婴 > 出行＞ 推车", "Baby > On the way")
    assert [(one.code, one.name, one.name_en, one.parent) for one in told] == [
        ("母婴", "母婴", "Baby", ""),
        ("母婴 > 出行", "出行", "On the way", "母婴"),
        ("母婴 > 出行 > 推车", "推车", None, "母婴 > 出行"),
    ]
    assert path_told(" > ") == []


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["", *"abcdefgh"]), max_size=8))
def test_a_tree_that_is_accepted_ends_at_the_top_from_everywhere(parents):
    try:
        check_tree(parents, list(parents))
    except CategoryCircleError:
        return
    for code in parents:
        steps = 0
        while code := parents.get(code, ""):
            steps += 1
        assert steps < DEPTH_MAX


@pytest.mark.django_db
def test_the_latest_sale_names_a_product_in_whatever_order_batches_come():
    words = [("Pot, old", sold(1)), ("Pot", sold(3)), ("Pot, new", sold(2)), ("", "")]
    for number, batches in enumerate(permutations(words)):
        for word in batches:
            ensure_products("plain", {f"P{number}": word})
    assert set(Product.objects.values_list("name", "named_at")) == {("Pot", AT + timedelta(minutes=3))}


@pytest.mark.django_db
def test_a_name_that_was_told_is_not_changed_by_a_sale():
    tell_products([ProductTold(code="P", name="铸铁锅", list_price_e4=459_0000, currency="CNY")], **BY)
    ensure_products("plain", {"P": ("POT", sold(1))})
    product = Product.objects.get()
    assert (product.name, product.list_price_e4, product.named_at) == ("铸铁锅", 459_0000, None)


@pytest.mark.django_db
def test_told_again_nothing_changes_and_what_is_not_told_stays():
    first = [ProductTold(code="A", name="甲", category="家居"), ProductTold(code="B", name="乙")]
    assert tell_products(first, **BY) == ["created", "created"]
    assert tell_products(first, **BY) == ["unchanged", "unchanged"]
    assert tell_products([ProductTold(code="A", unit="件"), ProductTold(code="B", is_active=True)], **BY) == [
        "updated",
        "unchanged",
    ]
    product = Product.objects.select_related("category").get(code="A")
    assert (product.name, product.unit, product.category.code) == ("甲", "件", "家居")
    kept = [
        (fact.payload["entries"], fact.payload["created"], fact.payload["updated"])
        for fact in Fact.objects.filter(kind="CatalogueChanged").order_by("recorded_at", "id")
    ]
    assert kept == [("product", 2, 0), ("product", 0, 1)]


@pytest.mark.django_db
def test_a_category_cannot_stand_below_itself():
    tell_categories([CategoryTold(code="a", parent="b"), CategoryTold(code="b", parent="c")], **BY)
    with pytest.raises(CategoryCircleError):
        tell_categories([CategoryTold(code="c", parent="a")], **BY)
    assert [(one.code, depth) for one, depth in category_tree()] == [("c", 0), ("b", 1), ("a", 2)]


def test_two_that_move_categories_at_once_make_no_circle(fresh_database):
    tell_categories([CategoryTold(code="a"), CategoryTold(code="b")], **BY)
    start = threading.Barrier(2)

    def move(pair: tuple[str, str]) -> bool:
        try:
            start.wait(30)
            tell_categories([CategoryTold(code=pair[0], parent=pair[1])], **BY)
        except CategoryCircleError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        moved = list(pool.map(move, [("a", "b"), ("b", "a")]))
    assert sorted(moved) == [False, True]
    assert len(category_tree()) == 2


@pytest.mark.django_db
def test_products_of_a_category_are_also_those_below_it():
    tell_categories(path_told("A > B > C"), **BY)
    tell_products([ProductTold(code=str(n), category=c) for n, c in enumerate(["A", "A > B > C", "D"])], **BY)
    found = products_below(Category.objects.get(code="A").pk)
    assert set(Product.objects.filter(pk__in=found).values_list("code", flat=True)) == {"0", "1"}


@pytest.mark.django_db
def test_readers_of_english_see_the_english_name_if_there_is_one():
    tell_products([ProductTold(code="A", name="茶", name_en="Tea"), ProductTold(code="B", name="壶")], **BY)
    ensure_products("plain", {"C": ("", "")})
    labels = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            labels[language] = [one.label for one in Product.objects.order_by("code")]
    assert labels == {"en": ["Tea", "壶", "C"], "zh-hans": ["茶", "壶", "C"]}


def test_rows_of_a_list_of_products():
    columns = ("code", "name", "category", "list_price", "active")
    parse = files.PlainCatalogueReader("").parser(files.PRODUCTS, columns)
    kind, product, categories = files.told_by(parse(["T1", "茶", "食品 > 茶", "12.5", "停售"])[2])
    assert (kind, [one.code for one in categories]) == ("product", ["食品", "食品 > 茶"])
    wanted = {"name": "茶", "category": "食品 > 茶", "list_price_e4": 12_5000, "is_active": False}
    assert {name: getattr(product, name) for name in wanted} == wanted
    empty = files.told_by(parse(["T1", "", "", "", ""])[2])
    assert empty == ("product", ProductTold(code="T1"), [])
    for row, code in (
        (["", "茶", "", "", ""], "missing"),
        (["T1", "茶", "", "-1", ""], "not_amount"),
        (["T1", "茶", "", "", "maybe"], "unknown_word"),
        (["T1", "茶", ">".join("abcdefg"), "", ""], "too_long"),
    ):
        with pytest.raises(files.RowRejectedError) as rejected:
            parse(row)
        assert rejected.value.code == code


@pytest.mark.django_db
def test_programs_tell_the_catalogue_and_read_it():
    client = a_caller()
    told = {
        "categories": [{"code": "tea", "name": "茶", "name_en": "Tea", "parent": "food"}],
        "products": [{"code": "T1", "name": "龙井", "category": "tea", "list_price": "288.00", "currency": "CNY"}],
        "stores": [{"code": "S1", "name": "观前店", "city": "苏州"}],
        "channels": [{"code": "web", "name": "官网"}],
    }
    for path, entries in told.items():
        for outcome in ("created", "unchanged"):
            answer = post(client, path, {"entries": entries})
            assert (answer.status_code, [one["outcome"] for one in answer.json()["data"]]) == (200, [outcome])
    [product] = client.get("/api/v1/products", {"code": "T1"}).json()["data"]
    assert client.get(f"/api/v1/products/{product['id']}").json() == product
    categories = {one["code"]: one for one in client.get("/api/v1/categories").json()["data"]}
    assert (product["list_price"], product["category_id"]) == ("288.0000", categories["tea"]["id"])
    assert categories["tea"]["parent_id"] == categories["food"]["id"]
    assert [one["city"] for one in client.get("/api/v1/stores").json()["data"]] == ["苏州"]
    assert [one["name"] for one in client.get("/api/v1/channels").json()["data"]] == ["官网"]


@pytest.mark.django_db
def test_one_wrong_entry_keeps_all_from_being_written_and_is_named():
    client = a_caller()
    entries = [{"code": "a"}, {"code": "b", "parent": "b"}]
    answer = post(client, "categories", {"entries": entries})
    assert problem_of(answer) == (422, "invalid")
    assert [one["field"] for one in answer.json()["errors"]] == ["body.entries.1.parent"]
    assert Category.objects.count() == 0
    assert problem_of(post(client, "products", {"entries": [{"code": "a", "list_price": "-1"}]})) == (422, "invalid")
    assert problem_of(post(a_caller("purchases:read"), "stores", {"entries": [{"code": "a"}]})) == (
        403,
        "scope-missing",
    )
    assert (Product.objects.count(), Store.objects.count(), Channel.objects.count()) == (0, 0, 0)


def test_sixteen_equal_calls_at_once_tell_once(fresh_database):
    token, name, start = made_key().token, new_idempotency_key(), threading.Barrier(16)
    body = {"entries": [{"code": f"P{number}", "name": "锅"} for number in range(20)]}

    def send(_number: int) -> tuple[int, bytes]:
        try:
            client = caller(token)
            start.wait(30)
            answer = post(client, "products", body, under=name)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(send, range(16)))
    assert {status for status, _content in answers} == {200}
    assert len(answers) == 1
    assert (Product.objects.count(), Fact.objects.filter(kind="CatalogueChanged").count()) == (20, 1)
