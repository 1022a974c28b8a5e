"""The list of orders as every list works: columns, views, files and the preview, all of it in the address."""

import csv
import re
from io import StringIO

import pytest
from django.conf import settings
from django.test import Client

from shouyue.purchases.incoming.tests.import_ground import run_import, write_rows
from shouyue.purchases.orders.models import Order
from shouyue.store.models import SavedView, Staff

pytestmark = pytest.mark.django_db
SALE = ("536365", "85123A", "HOLDER", 6, "2010-12-01 08:26:00", "2.55", "17850", "United Kingdom")
BACK = ("C536379", "85123A", "=HOLDER", -8, "2010-12-02 09:00:00", "2.55", "17850", "United Kingdom")
TILL = ("536380", "85123A", "HOLDER", 1, "2010-12-01 09:26:00", "2.55", "", "United Kingdom")


def signed_in(name, party="a"):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(Staff.objects.create_user(f"{name}@party.example", name=name, party=party))
    return client


@pytest.fixture
def desk(tmp_path):
    run_import(write_rows(tmp_path / "a.csv", [SALE, BACK, TILL]))
    return signed_in("lin")


def heads(text):
    return re.findall(r"<th scope=\"col\"[^>]*>([^<]+)</th>", text)


def tabs(text):
    nav = re.findall(r'<nav class="tabs[^"]*".*?</nav>', text, re.DOTALL)[0]
    return re.findall(r'<a href="([^"]*)"( aria-current="page")?>([^<]*)', nav)


def read_csv(client, address):
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_columns_are_chosen_in_the_address_and_the_number_always_stays(desk):
    usual = ["Number", "Placed", "Customer", "Kind", "Status", "Store", "Lines", "Total"]
    assert heads(desk.get("/orders/").content.decode()) == usual
    assert heads(desk.get("/orders/?cols=total&cols=source").content.decode()) == ["Number", "Source", "Total"]
    assert heads(desk.get("/orders/?cols=nonsense").content.decode()) == usual


def test_a_file_holds_the_rows_and_columns_of_the_view(desk):
    assert read_csv(desk, "/orders/?as=csv&kind=sale&cols=customer&cols=total") == [
        ["Number", "Customer", "Total"],
        ["536380", "", "2.5500"],
        ["536365", "17850", "15.3000"],
    ]


def test_a_file_of_everything_neutralises_what_a_spreadsheet_would_run(desk, tmp_path):
    run_import(write_rows(tmp_path / "b.csv", [("=1+1", *SALE[1:4], "2010-12-03 08:26:00", *SALE[5:])]))
    assert read_csv(desk, "/orders/?as=csv&cols=kind")[1] == ["'=1+1", "sale"]


def test_a_view_becomes_a_tab_that_leads_to_its_filters_and_columns(desk):
    saved = {
        "listing": "purchases.orders",
        "name": " Returns  only ",
        "query": "kind=return&number=&after=x&cols=total",
    }
    answer = desk.post("/views/save", saved)
    assert answer.url == "/orders/?cols=total&kind=return"
    page = desk.get(answer.url).content.decode()
    assert tabs(page) == [
        ("/orders/", "", "All"),
        ("?cols=total&amp;kind=return", ' aria-current="page"', "Returns only"),
    ]
    assert tabs(desk.get("/orders/").content.decode())[0] == ("/orders/", ' aria-current="page"', "All")


def test_the_same_name_again_changes_the_view(desk):
    for query in ("kind=sale", "kind=return"):
        desk.post("/views/save", {"listing": "purchases.orders", "name": "Mine", "query": query})
    assert [view.query for view in SavedView.objects.all()] == ["kind=return"]


def test_a_shared_view_is_seen_by_the_party_and_a_private_one_by_nobody_else(desk):
    for name, shared in (("For us", "on"), ("For me", "")):
        desk.post("/views/save", {"listing": "purchases.orders", "name": name, "query": "kind=sale", "shared": shared})
    seen = {
        party: [tab[2].strip() for tab in tabs(signed_in(f"x{party}", party).get("/orders/").content.decode())]
        for party in ("a", "b", "auditor")
    }
    assert seen == {"a": ["All", "For us"], "b": ["All"], "auditor": ["All"]}


def test_an_auditor_keeps_views_but_shares_none(desk):
    auditor = signed_in("shen", "auditor")
    auditor.post("/views/save", {"listing": "purchases.orders", "name": "A", "query": "", "shared": "on"})
    assert [(view.name, view.is_shared) for view in SavedView.objects.all()] == [("A", False)]


def test_removing_a_view_offers_an_undo_that_brings_it_back_once(desk):
    desk.post("/views/save", {"listing": "purchases.orders", "name": "Mine", "query": "kind=sale", "shared": "on"})
    view = SavedView.objects.get()
    page = desk.post(f"/views/{view.pk}/remove", follow=True).content.decode()
    assert not SavedView.objects.exists()
    address = re.findall(r'action="(/undo/[^"]+)"', page)[0]
    for _again in range(2):
        desk.post(address)
    back = SavedView.objects.get()
    assert (back.name, back.query, back.is_shared) == ("Mine", "kind=sale", True)


def test_nobody_undoes_what_another_did_nor_removes_their_views(desk):
    desk.post("/views/save", {"listing": "purchases.orders", "name": "Mine", "query": "kind=sale", "shared": "on"})
    view, other = SavedView.objects.get(), signed_in("zhou")
    assert other.post(f"/views/{view.pk}/remove").status_code == 404
    page = desk.post(f"/views/{view.pk}/remove", follow=True).content.decode()
    address = re.findall(r'action="(/undo/[^"]+)"', page)[0]
    assert "can no longer be undone" in other.post(address, follow=True).content.decode()
    assert "can no longer be undone" in desk.post(address[:-4] + "xxxx", follow=True).content.decode()
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\x00b"])
def test_a_view_without_a_usable_name_is_refused_with_a_reason(desk, name):
    answer = desk.post("/views/save", {"listing": "purchases.orders", "name": name, "query": ""}, follow=True)
    assert 'class="toast error"' in answer.content.decode()
    assert not SavedView.objects.exists()


def test_views_of_a_list_that_is_not_there_are_not_kept(desk):
    assert desk.post("/views/save", {"listing": "nothing", "name": "x", "query": ""}).status_code == 404


def test_a_preview_stands_in_the_address_and_comes_alone_for_htmx(desk):
    order = Order.objects.get(number="536365")
    address = f"/orders/?kind=sale&peek={order.customer_id}~{order.id}"
    page = desk.get(address).content.decode()
    assert "Order 536365</h2>" in page
    part = desk.get(address, headers={"HX-Request": "true", "HX-Target": "peek"})
    assert part.content.decode().startswith('<aside id="peek"')
    assert "HX-Replace-Url" not in part
    walked = desk.get(
        address, headers={"HX-Request": "true", "HX-Target": "peek", "HX-Current-URL": "http://x/orders/?peek=a~b"}
    )
    assert walked["HX-Replace-Url"] == address.replace("~", "~")


@pytest.mark.parametrize(
    "key", ["", "x", "x~y", "00000000-0000-0000-0000-000000000001~00000000-0000-0000-0000-000000000001"]
)
def test_a_preview_of_nothing_is_no_preview(desk, key):
    page = desk.get("/orders/", {"peek": key}).content.decode()
    assert '<aside id="peek" class="peek" aria-label="Preview" hidden>' in page
