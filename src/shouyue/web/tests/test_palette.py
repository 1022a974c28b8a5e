"""The palette: what it offers, in which language it may be asked, what it costs, and how the keys drive it."""

import re

import pytest
from django.conf import settings
from django.test import Client

from shouyue.store.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    return client


def found(client, asked, language="en"):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.post("/find", {"q": asked}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    text = answer.content.decode()
    kinds = re.findall(r'class="kind"[^>]*>([^<]*)<', text)
    hits = re.findall(r'role="option"[^>]*href="([^"]*)"><span>([^<]*)</span>', text)
    return kinds, hits


def test_before_anything_is_typed_it_offers_pages_and_actions_without_a_query(desk, django_assert_num_queries):
    with django_assert_num_queries(2):  # the session and who it belongs to
        kinds, hits = found(desk, "")
    assert kinds == ["Screens", "Things to do"]
    assert ("/jobs/", "Background jobs") in hits
    assert ("/account/password/change/", "Change my password") in hits


@pytest.mark.parametrize("asked", ["backgr", "后台", "houtai", "htrw", "ＢＡＣＫ"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_page_is_found_by_either_language_pinyin_and_initials(desk, asked, language):
    _kinds, hits = found(desk, asked, language)
    assert [address for address, _title in hits] == ["/jobs/"]


def test_nothing_found_says_what_would_be(desk):
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = desk.post("/find", {"q": "zzzz"}, headers={"HX-Request": "true"}).content.decode()
    assert "Nothing found." in text
    assert 'role="listbox"' not in text


def test_what_was_typed_is_escaped(desk):
    text = desk.post("/find", {"q": '"><script>x'}, headers={"HX-Request": "true"}).content.decode()
    assert "<script>x" not in text
    assert 'data-asked="&quot;&gt;&lt;script&gt;x"' in text


def test_without_scripts_it_is_a_page_that_is_never_asked_by_address(desk):
    page = desk.get("/find?q=jobs").content.decode()
    assert 'method="post"' in page
    assert "jobs/" not in re.findall(r"<main.*</main>", page, re.DOTALL)[0]
    answered = desk.post("/find", {"q": "jobs"}).content.decode()
    assert 'href="/jobs/"' in re.findall(r"<main.*</main>", answered, re.DOTALL)[0]


def test_strangers_find_nothing(client):
    assert client.post("/find", {"q": "jobs"}).status_code == 302
    assert client.post("/find", {"q": "jobs"}, headers={"HX-Request": "true"}).status_code == 401


def test_a_far_too_long_question_finds_nothing(desk):
    assert found(desk, "x" * 5000) == ([], [])
