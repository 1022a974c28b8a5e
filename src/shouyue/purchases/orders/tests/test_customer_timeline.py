"""A customer's timeline: orders as they came, page by page, in as many statements for one as for many."""

import re

import pytest
from django.conf import settings
from django.test import Client

from shouyue.customers.people.models import Customer
from shouyue.purchases.incoming.tests.import_ground import run_import, write_rows
from shouyue.store.models import Staff

pytestmark = pytest.mark.django_db
ORDERS = 45


@pytest.fixture
def desk(tmp_path):
    sold = [
        (f"A{100 + number}", "85123A", "HOLDER", 1, f"2010-12-{1 + number % 28:02} 08:26:00", "2.55", "17850", "UK")
        for number in range(ORDERS)
    ]
    run_import(write_rows(tmp_path / "a.csv", sold))
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(Staff.objects.create_user("lin@party.example", name="林知夏", party="a"))
    return client


def titles(text):
    return re.findall(r"<li><time.*?>(Order A\d+)</a>", text)


def test_the_whole_timeline_is_read_page_by_page(desk):
    customer = Customer.objects.get(source_key="17850")
    text = desk.get(f"/customers/{customer.pk}/").content.decode()
    read = titles(text)
    assert len(read) == 20
    while found := re.findall(r'<li class="more-items" hx-get="([^"]+)"', text):
        text = desk.get(found[0].replace("&amp;", "&")).content.decode()
        assert "<html" not in text
        read += titles(text)
    assert len(read) == ORDERS
    assert len(set(read)) == ORDERS


def test_without_htmx_the_button_for_earlier_items_leads_to_a_whole_page(desk):
    address = f"/customers/{Customer.objects.get(source_key='17850').pk}/"
    first = desk.get(address).content.decode()
    [earlier] = re.findall(r'<a class="btn small" href="(\?before=[^"]+)"', first)
    page = desk.get(address + earlier.replace("&amp;", "&")).content.decode()
    assert ("<html" in page, len(titles(page)), set(titles(page)) & set(titles(first))) == (True, 20, set())


def test_a_place_that_nobody_gave_out_is_refused(desk):
    customer = Customer.objects.get(source_key="17850")
    assert desk.get(f"/customers/{customer.pk}/?before=nonsense").status_code == 400
    assert desk.get(f"/customers/{customer.pk}/timeline?before=nonsense").status_code == 400
