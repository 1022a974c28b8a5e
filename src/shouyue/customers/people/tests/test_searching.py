"""Customers found by whatever people remember of them: on the list and in the palette, masked, at a constant cost."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.customers.people.public import Known
from shouyue.customers.people.tests.test_people import who
from shouyue.customers.public import Customer, customers_found, record_people
from shouyue.store.digests import keep_identities
from shouyue.store.models import IdentityKind, Staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, tzinfo=UTC)
PEOPLE = {
    "YS1": Known(name="王伟鑫", phones=("+8613800006621",), emails=("wang.wx@example.cn",)),
    "YS2": Known(name="单雪", phones=("+8613912345678",)),
    "YS3": Known(name="张重庆", phones=("+8613700005555",)),
    "YS4": Known(name="欧阳娜娜", phones=("+8613700006666", "+8613500007777")),
}
CASES = [
    *(("infix", "伟鑫", "YS1"), ("infix", "阳娜", "YS4"), ("characters", "雪", "YS2")),
    *(("pinyin", "wangweixin", "YS1"), ("pinyin begun", "ouyangn", "YS4"), ("pinyin in words", "wang wei", "YS1")),
    *(("initials", "wwx", "YS1"), ("initials", "oynn", "YS4")),
    *(("polyphone", "zhangchongqing", "YS3"), ("polyphone", "zhangzhongqing", "YS3")),
    *(("polyphone", "shanxue", "YS2"), ("polyphone", "danxue", "YS2"), ("polyphone", "chongqing", "YS3")),
    *(("tail", "6621", "YS1"), ("tail of another phone", "7777", "YS4"), ("name and tail", "王 6621", "YS1")),
    *(("phone", "13800006621", "YS1"), ("phone as written", "+86 138-0000-6621", "YS1")),
    *(("e-mail", "Wang.WX@example.cn", "YS1"), ("card", "6222 0212 3456 7890", "YS2")),
    *(("number", "YS3", "YS3"), ("number in small letters", "ys3", "YS3")),
]
PLAIN = [text for one in PEOPLE.values() for text in (one.name, one.phones[0].removeprefix("+86"), *one.emails)]


@pytest.fixture
def desk(client: Client) -> Client:
    rows = [Customer(id=who(number), kind="person", source="plain", source_key=number) for number in PEOPLE]
    Customer.objects.bulk_create(rows)
    record_people({who(number): known for number, known in PEOPLE.items()}, at=AT)
    keep_identities([(who("YS2"), IdentityKind.CARD, "6222021234567890")])
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def palette(client: Client, asked: str) -> str:
    answer = client.post("/find", {"q": asked}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode().replace(asked, "")  # the field keeps what was typed


@pytest.mark.parametrize(("asked", "number"), [case[1:] for case in CASES], ids=[f"{c[0]}-{c[1]}" for c in CASES])
def test_a_customer_is_found_on_the_list_and_in_the_palette_behind_masks(desk, asked, number):
    page = desk.post("/customers/", {"who": asked}).content.decode()
    table = page.partition("<tbody>")[2]
    assert re.findall(r">(YS\d)<", table) == [number]
    hits = palette(desk, asked)
    assert [one for one in PEOPLE if f"/customers/{who(one)}/" in hits] == [number]
    assert f"{PEOPLE[number].name[0]}*" in hits
    assert [text for text in PLAIN if text in table or text in hits] == []


def test_the_wrong_reading_of_a_name_finds_nobody(desk):
    assert [palette(desk, asked).count("/customers/") for asked in ("zhangqingchong", "6620", "王雪")] == [0, 0, 0]


def test_the_palette_costs_the_same_for_many(desk):
    with CaptureQueriesContext(connection) as one:
        palette(desk, "wang")
    ids = [uuid5(who("YS1"), str(place)) for place in range(5)]
    more = [Customer(id=key, kind="person", source="plain", source_key=f"M{key}") for key in ids]
    Customer.objects.bulk_create(more)
    record_people(dict.fromkeys(ids, Known(name="王伟", phones=("+8613600001111",))), at=AT)
    with CaptureQueriesContext(connection) as many:
        found = palette(desk, "wang")
    assert found.count("/customers/") == 6
    assert len(many) == len(one) <= 14


def test_who_has_the_number_stands_before_those_whose_phones_end_so(desk):
    ids = [uuid5(who("YS1"), str(place)) for place in range(8)]
    later = [
        Customer(id=key, kind="person", source="plain", source_key=f"M{key}", first_seen_at=AT, last_seen_at=AT)
        for key in ids
    ]
    Customer.objects.bulk_create(later)
    record_people(dict.fromkeys(ids, Known(name="王伟", phones=("+8613600004321",))), at=AT)
    Customer.objects.filter(pk=who("YS3")).update(source_key="4321")
    assert re.search(r'/customers/([0-9a-f-]{36})/"', palette(desk, "4321"))[1] == str(who("YS3"))


def test_of_several_the_newest_activity_stands_first(desk):
    days = {"20000000-0000-4000-8000-000000000000": 3, "10000000-0000-4000-8000-000000000000": 9}
    days["30000000-0000-4000-8000-000000000000"] = 6
    Customer.objects.bulk_create(
        Customer(id=UUID(key), kind="person", source="plain", source_key=f"D{day}", first_seen_at=at, last_seen_at=at)
        for key, day in days.items()
        for at in [AT + timedelta(days=day)]
    )
    record_people({UUID(key): Known(name="赵雪") for key in days}, at=AT)
    assert [one.source_key for one in customers_found("雪").customers] == ["D9", "D6", "D3", "YS2"]
