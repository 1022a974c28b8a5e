"""Customers on screen: found by what is asked, masked everywhere, in both languages, at the same cost for many."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.customers.people.tests.test_exports import make_customers
from shouyue.customers.people.tests.test_people import SHAN, WANG, run_import, who, write
from shouyue.store.models import ImportRejection, Staff

pytestmark = pytest.mark.django_db
PLAIN = ("王伟鑫", "13800006621", "wang.wx@example.cn", "1990", "星湖街")


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    return client


def read(client: Client, address: str, language: str = "zh-hans", *, status: int = 200, **post: str) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.post(address, post) if post else client.get(address)
    assert answer.status_code == status
    text = answer.content.decode()
    assert "<c-" not in text
    return text


def in_clear(page: str) -> list[str]:
    return [word for word in PLAIN if word in page]


def test_a_list_shows_masks(desk, tmp_path):
    run_import(write(tmp_path / "customers.csv", [WANG, SHAN]))
    page = read(desk, "/customers/?show=listed")
    assert [word for word in ("王*", "138****6621", "单*", "139****5678", "查找客户") if word not in page] == []
    assert in_clear(page) == []


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", ("找到的客户", "姓名")), ("en", ("Customers found", "Name"))]
)
def test_a_search_finds_and_shows_masks(desk, tmp_path, language, words):
    run_import(write(tmp_path / "customers.csv", [WANG, SHAN]))
    page = read(desk, "/customers/", language, who="wangwei")
    assert [word for word in (*words, "王*", "138****6621", "YS1") if word not in page] == []
    assert in_clear(page) == []
    assert "YS2" not in page


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "没有找到"), ("en", "Nobody was found")])
def test_a_search_for_nobody_teaches(desk, language, words):
    assert words in read(desk, "/customers/", language, who="赵钱孙")


def test_a_search_for_nothing_is_shown_again(desk):
    assert "id_who_error" in read(desk, "/customers/", status=422, who=" ")


def test_too_many_matches_show_some_then_more_then_ask_for_another_word(desk, tmp_path):
    rows = [(f"YS{index}", "王芳", "", f"138{index:08d}", "", "", "", "") for index in range(101)]
    run_import(write(tmp_path / "customers.csv", rows))
    first = read(desk, "/customers/", "en", who="王芳")
    assert ('name="more"' in first, first.count("王*")) == (True, 50)
    more = read(desk, "/customers/", "en", who="王芳", more="1")
    assert ('name="more"' in more, "Add another word: more" in more, more.count("王*")) == (False, True, 100)
    assert "More customers match" not in read(desk, "/customers/", "en", who="王芳 0042")


def test_the_record_shows_every_value_masked(desk, tmp_path):
    run_import(write(tmp_path / "customers.csv", [WANG]))
    page = read(desk, f"/customers/{who('YS1')}/")
    shown = ("王*", "138****6621", "w***@e*.cn", "05-17", "苏州市 ***", "生日")
    assert [word for word in shown if word not in page] == []
    assert in_clear(page) == []


@pytest.mark.parametrize("post", [{}, {"who": "王芳"}])
def test_many_rows_cost_the_queries_of_one(desk, tmp_path, post):
    counts = []
    for number in (1, 30):
        rows = [(f"YS{index}", "王芳", "", f"138{index:08d}", "", "", "", "") for index in range(number)]
        run_import(write(tmp_path / f"customers.{number}.csv", rows))
        with CaptureQueriesContext(connection) as asked:
            page = read(desk, "/customers/" if post else "/customers/?show=listed", **post)
        assert page.count("王*") == number
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_rejected_rows_are_whole_for_party_a_alone(desk, client, tmp_path):
    report = run_import(write(tmp_path / "customers.csv", [SHAN, [*WANG[:3], "12345678", *WANG[4:]]]))
    assert ImportRejection.objects.count() == 1
    record = read(desk, f"/imports/{report.run_id}/")
    assert "12345678" in record
    address = f"/imports/{report.run_id}/0/rejected.csv"
    whole = b"".join(desk.get(address).streaming_content).decode("utf-8-sig")
    assert ("12345678" in whole, "王伟鑫" in whole) == (True, True)
    client.force_login(Staff.objects.create_user("zhou@party-b.example", name="周远", party="b"))
    record = read(client, f"/imports/{report.run_id}/")
    assert ("12345678" in record, "***" in record) == (False, True)
    hidden = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    assert ("12345678" in hidden, "王伟鑫" in hidden, "***" in hidden) == (False, False, True)


def test_no_two_controls_of_a_list_answer_to_the_same_key(desk):
    """On a page in the middle, which has both ways of the pager."""
    make_customers(120)
    first = read(desk, "/customers/?seen=all")
    page = read(desk, "/customers/" + re.findall(r'href="[^"?]*(\?[^"]*)" rel="next"', first)[0].replace("&amp;", "&"))
    keys = re.findall(r'data-key="(\w)"', page)
    assert {"j", "k"} <= set(keys)
    assert sorted(keys) == sorted(set(keys))
