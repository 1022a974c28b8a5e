"""The timeline of somebody of whom 10,000 things are known: newest first, by room, page by page, at an even price."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.stories.company import bring, order

from shouyue.customers.public import Customer
from shouyue.store.contributions import timeline
from shouyue.store.models import Staff

EACH = 5_000
START = datetime(2020, 1, 1, 8)  # noqa: DTZ001 as a till writes it


def moment(number):
    return f"{START + timedelta(hours=5 * number):%Y-%m-%d %H:%M:%S}"


@pytest.fixture
def reader(db, tmp_path):
    orders = [order(f"D{number}", "C1", moment(number)) for number in range(EACH)]
    asked = [(f"A{number}", "C1", "", moment(number)[:10], moment(number), number % 5 + 1) for number in range(EACH)]
    few = [order(f"E{number}", "C2", moment(number)) for number in range(30)]
    bring(tmp_path / "all", orders=[*orders, *few], asked=asked)
    return Staff.objects.create_user("lin@party-b.example", name="林知夏", party="b")


def desk(reader):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(reader)
    return client


def who(number):
    return Customer.objects.get(source_key=number).pk


def statements(client, path):
    with CaptureQueriesContext(connection) as made:
        page = client.get(path)
    assert page.status_code == 200
    return len(made), page.content.decode()


def test_ten_thousand_items_come_newest_first_and_each_once(reader):
    customer, seen, before = who("C1"), [], None
    while True:
        page = timeline.page_of([customer], reader, before=before, size=2_500)
        seen += [item.place for item in page.items]
        before = page.next
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 2 * EACH
    assert seen == sorted(seen, reverse=True)


def test_a_page_of_ten_thousand_items_costs_what_a_page_of_thirty_does(reader):
    client, many, few = desk(reader), who("C1"), who("C2")
    client.get(f"/customers/{few}/")  # what is asked once a process
    assert statements(client, f"/customers/{many}/timeline")[0] == statements(client, f"/customers/{few}/timeline")[0]
    count, page = statements(client, f"/customers/{many}/timeline")
    deeper = unescape(re.findall(r'hx-get="([^"]+before=[^"]+)"', page)[0])
    assert statements(client, deeper)[0] == count


def test_a_room_alone_is_read_to_its_end(reader):
    customer, seen, before = who("C1"), 0, None
    while True:
        page = timeline.page_of([customer], reader, before=before, size=2_500, only="surveys.answers")
        assert {item.key.split(":")[0] for item in page.items} == {"answer"}
        seen, before = seen + len(page.items), page.next
        if before is None:
            break
    assert seen == EACH
