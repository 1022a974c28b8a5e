"""Products changed by hand: the check of what the editor saw, the undo, who may, and the same for programs."""

import json
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.edits import TooManyRowsError
from shouyue.purchases.catalogue.actions.editing import edit_categories, edit_entry, undo_edit
from shouyue.purchases.catalogue.actions.naming import ensure_products
from shouyue.purchases.catalogue.actions.telling import tell_categories, tell_products
from shouyue.purchases.catalogue.models import Category, EntryEdit, Product
from shouyue.purchases.catalogue.queries import entries_found, values_of
from shouyue.purchases.catalogue.rules import editing
from shouyue.purchases.catalogue.rules.editing import FIELDS, differing, may_restore, version_of
from shouyue.purchases.catalogue.rules.told import NEVER_SOLD, CategoryTold, ProductTold
from shouyue.rest.tests.callers import a_caller, problem_of
from shouyue.store.models import Fact, Staff

AT = datetime(2026, 3, 1, tzinfo=UTC)
BY = {"source": "plain", "at": AT, "by": "test"}
SALE, LATER = "2026-03-02 10:00:00+00:00", "2026-03-03 10:00:00+00:00"
_values = st.fixed_dictionaries({name: st.sampled_from(["a", "b", None]) for name in FIELDS})


@given(_values, _values)
def test_a_version_names_how_a_product_stands(one, other):
    assert (version_of(one) == version_of(other)) is (one == other)
    assert version_of(dict(reversed(one.items()))) == version_of(one)


@given(_values, _values)
def test_what_was_set_and_still_stands_may_be_restored(before, wanted):
    changes = differing(before, wanted)
    after = {**before, **changes}
    assert after == wanted
    assert may_restore(after, changes)
    assert may_restore(before, changes) is (not changes)


def edited(product: Product, **wanted) -> EntryEdit:
    edit = edit_entry("product", product.pk, wanted, is_seen=lambda _now: True, by="staff:1", at=AT)
    assert edit is not None
    return edit


def named(code: str = "P") -> tuple[str, datetime | None]:
    return Product.objects.values_list("name", "named_at").get(code=code)


@pytest.mark.django_db
def test_a_name_set_by_hand_stays_through_sales_and_an_undo_gives_it_back_to_them():
    ensure_products("plain", {"P": ("POT", SALE)})
    product, before = Product.objects.get(), named()
    edit = edited(product, name="铸铁锅", unit="口")
    ensure_products("plain", {"P": ("POT 24CM", LATER)})
    assert named() == ("铸铁锅", None)
    assert [one.code for one in entries_found("product", "zhutie", most=6)] == ["P"]
    assert undo_edit(edit.pk, by="staff:1", at=AT).restored == 1
    assert (named(), Product.objects.get().unit) == (before, "")
    assert entries_found("product", "zhutie", most=6) == []
    assert undo_edit(edit.pk, by="staff:1", at=AT).restored == 0  # asked twice
    ensure_products("plain", {"P": ("POT 24CM", LATER)})
    assert named()[0] == "POT 24CM"


@pytest.mark.django_db
def test_the_undo_of_another_field_leaves_a_name_set_by_hand_to_the_hand():
    ensure_products("plain", {"P": ("POT", SALE)})
    edit = edited(Product.objects.get(), unit="口")
    edited(Product.objects.get(), name="铸铁锅")
    assert undo_edit(edit.pk, by="staff:1", at=AT).restored == 1
    ensure_products("plain", {"P": ("POT 24CM", LATER)})
    assert (named(), Product.objects.get().unit) == (("铸铁锅", None), "")


@pytest.mark.django_db
def test_an_emptied_name_is_read_from_the_next_sale():
    tell_products([ProductTold(code="P", name="铸铁锅")], **BY)
    edited(Product.objects.get(), name="")
    assert named() == ("", NEVER_SOLD)
    ensure_products("plain", {"P": ("POT", SALE)})
    assert named()[0] == "POT"


@pytest.mark.django_db
def test_an_edit_says_what_changed_and_leaves_what_others_changed_since():
    tell_products([ProductTold(code="P", name="锅"), ProductTold(code="Q", name="壶")], **BY)
    tell_categories([CategoryTold(code="kitchen", name="厨房"), CategoryTold(code="tea", name="茶具")], **BY)
    kitchen, tea = (Category.objects.get(code=code).pk for code in ("kitchen", "tea"))
    ids = list(Product.objects.values_list("pk", flat=True))
    edit = edit_categories(ids, kitchen, by="staff:1", at=AT)
    assert edit is not None
    assert edit_categories(ids, kitchen, by="staff:1", at=AT) is None
    edited(Product.objects.get(code="Q"), category_id=str(tea))
    undone = undo_edit(edit.pk, by="staff:1", at=AT)
    assert (undone.restored, undone.kept) == (1, 1)
    assert dict(Product.objects.values_list("code", "category_id")) == {"P": None, "Q": tea}
    facts = Fact.objects.filter(kind="CatalogueChanged", actor="staff:1").order_by("recorded_at", "id")
    assert [fact.payload["updated"] for fact in facts] == [2, 1, 1]


@pytest.mark.django_db
def test_many_are_changed_with_as_many_statements_as_few(monkeypatch):
    tell_categories([CategoryTold(code="tea")], **BY)
    tea = Category.objects.get().pk

    def asked(most: int, at: str) -> int:
        tell_products([ProductTold(code=f"{at}{number}") for number in range(most)], **BY)
        ids = list(Product.objects.filter(code__startswith=at).values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            assert edit_categories(ids, tea, by="staff:1", at=AT) is not None
        return len(queries)

    assert asked(1, "A") == asked(30, "B")
    monkeypatch.setattr(editing, "ROWS_MAX", 10)
    with pytest.raises(TooManyRowsError):
        edit_categories([UUID(int=number) for number in range(11)], tea, by="staff:1", at=AT)


@pytest.fixture
def desk(db) -> Client:
    return client_of("a")


def client_of(party: str) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(Staff.objects.create_user(f"{party}@party.example", name=party, party=party))
    return client


def sheet(client: Client, product: Product, **changed) -> dict[str, str]:
    """What the form of the product would post, with some fields changed."""
    page = client.get(f"/products/{product.pk}/edit").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    values = json.loads(seen.group(1).replace("&quot;", '"'))
    shown = {name: value for name, value in values.items() if value is not None and name != "is_active"}
    return {**shown, "seen": json.dumps(values), "is_active": "on", **changed}


def test_staff_of_party_a_change_a_product_and_take_it_back(desk):
    tell_products([ProductTold(code="P", name="锅", category="kitchen")], **BY)
    product = Product.objects.get()
    assert f"/products/{product.pk}/edit" in desk.get(f"/products/{product.pk}/").content.decode()
    told = sheet(desk, product, name="铸铁锅", list_price="459.5", currency="CNY", unit="口")
    assert desk.post(f"/products/{product.pk}/edit", told).status_code == 302
    page = desk.get(f"/products/{product.pk}/").content.decode()
    assert "1 product was changed." in page
    product.refresh_from_db()
    assert (product.name, product.list_price_e4, product.unit, product.is_active) == ("铸铁锅", 4_595_000, "口", True)
    undo = re.search(r'action="(/undo/[^"]*)"', page)
    assert undo is not None
    desk.post(undo.group(1))
    product.refresh_from_db()
    assert (product.name, product.list_price_e4, product.currency) == ("锅", None, "")


def test_a_field_that_somebody_changed_meanwhile_is_shown_and_not_lost(desk):
    tell_products([ProductTold(code="P", name="锅", unit="口")], **BY)
    product = Product.objects.get()
    told = sheet(desk, product, name="铸铁锅")
    edited(product, name="砂锅")
    answer = desk.post(f"/products/{product.pk}/edit", told)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "It is now: Name: 砂锅." in page
    assert 'value="铸铁锅"' in page
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert "名称：砂锅。" in desk.post(f"/products/{product.pk}/edit", told).content.decode()
    assert named()[0] == "砂锅"
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    again = {**told, "seen": seen.group(1).replace("&quot;", '"')}
    assert desk.post(f"/products/{product.pk}/edit", again).status_code == 302
    assert named()[0] == "铸铁锅"
    # Another field than mine is nobody's conflict.
    told = sheet(desk, product, unit="个")
    edited(product, name="砂锅")
    assert desk.post(f"/products/{product.pk}/edit", told).status_code == 302
    assert (named()[0], Product.objects.get().unit) == ("砂锅", "个")


def test_what_cannot_be_used_is_said_in_place(desk):
    tell_products([ProductTold(code="P", name="锅")], **BY)
    product = Product.objects.get()
    for changed, said in (
        ({"list_price": "-1"}, "greater than or equal to 0"),
        ({"list_price": "12.5"}, "A price needs a currency"),
        ({"currency": "yuan"}, "at most 3 characters"),
        ({"currency": "rmb"}, "three capital letters"),
        ({"seen": "{}"}, "This page is too old"),
        ({"category_id": str(UUID(int=5))}, "Select a valid choice"),
    ):
        answer = desk.post(f"/products/{product.pk}/edit", sheet(desk, product, **changed))
        assert (answer.status_code, said in answer.content.decode()) == (422, True), changed
    assert EntryEdit.objects.count() == 0


def test_the_category_of_many_is_changed_after_a_preview_and_taken_back(desk):
    tell_categories([CategoryTold(code="tea", name="茶具")], **BY)
    tell_products([ProductTold(code=f"P{number}", name=f"壶{number}") for number in range(25)], **BY)
    tell_products([ProductTold(code="X", name="碗", category="tea")], **BY)
    tea = Category.objects.get(code="tea").pk
    assert 'name="row"' in desk.get("/products/").content.decode()
    asked = {"scope": "all", "query": "words=壶", "category": str(tea)}
    page = desk.post("/products/bulk/", asked).content.decode()
    for words in ("25 products are chosen.", "Change 25 products", "and 5 more", "茶具"):
        assert words in page
    assert Product.objects.filter(category=tea).count() == 1
    assert desk.post("/products/bulk/", {**asked, "apply": "1"}).url.startswith("/products/?words=")
    assert Product.objects.filter(category=tea).count() == 26
    undo = re.search(r'action="(/undo/[^"]*)"', desk.get("/products/").content.decode())
    assert undo is not None
    desk.post(undo.group(1))
    assert list(Product.objects.filter(category=tea).values_list("code", flat=True)) == ["X"]
    ticked = {"scope": "chosen", "row": [str(Product.objects.get(code="P1").pk)], "category": str(tea), "apply": "1"}
    desk.post("/products/bulk/", ticked)
    assert Product.objects.filter(category=tea).count() == 2
    assert desk.post("/products/bulk/", {"scope": "chosen"}).url == "/products/"
    assert desk.post("/products/bulk/", {"scope": "chosen", "row": "x"}).status_code == 404


@pytest.mark.parametrize("party", ["b", "auditor"])
def test_only_party_a_changes_its_catalogue(db, party):
    tell_products([ProductTold(code="P", name="锅")], **BY)
    product, client = Product.objects.get(), client_of(party)
    assert f"/products/{product.pk}/edit" not in client.get(f"/products/{product.pk}/").content.decode()
    assert 'name="row"' not in client.get("/products/").content.decode()
    assert client.get(f"/products/{product.pk}/edit").status_code == 403
    assert client.post("/products/bulk/", {"scope": "chosen", "row": str(product.pk)}).status_code == 403


@pytest.mark.django_db
def test_programs_change_the_version_that_they_read():
    tell_products([ProductTold(code="P", name="锅", list_price_e4=1_0000, currency="CNY")], **BY)
    tell_categories([CategoryTold(code="tea")], **BY)
    product, client = Product.objects.get(), a_caller()
    path = f"/api/v1/products/{product.pk}"

    def change(body: dict, tag: str | None):
        more = {"headers": {"If-Match": tag}} if tag else {}
        return client.patch(path, json.dumps(body), content_type="application/json", **more)

    tag = client.get(path).headers["ETag"]
    assert problem_of(change({"name": "x"}, None)) == (428, "if-match-missing")
    answer = change({"name": "铸铁锅", "category": "tea", "list_price": ""}, tag)
    body = answer.json()
    assert (answer.status_code, body["name"], body["list_price"]) == (200, "铸铁锅", None)
    assert body["category_id"] == str(Category.objects.get().pk)
    assert problem_of(change({"name": "砂锅"}, tag)) == (412, "changed-meanwhile")
    # A sale changes nothing of it, so the version stays.
    ensure_products("plain", {"P": ("POT", SALE)})
    assert values_of(Product.objects.get())["name"] == "铸铁锅"
    assert change({"category": "", "unit": "口"}, answer.headers["ETag"]).json()["category_id"] is None
    wrong = change({"category": "nowhere"}, "*")
    assert (problem_of(wrong), wrong.json()["errors"][0]["field"]) == ((422, "invalid"), "body.category")
    assert problem_of(change({"list_price": "-1"}, "*")) == (422, "invalid")
    assert a_caller("purchases:read").patch(path, "{}", content_type="application/json").status_code == 403
    assert client.patch(f"/api/v1/products/{UUID(int=1)}", "{}", content_type="application/json").status_code in (
        404,
        428,
    )
