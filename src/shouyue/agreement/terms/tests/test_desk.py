"""The contract on screen, in both languages; who may not see it; how many questions a page asks."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouyue.agreement.terms.actions import sign_agreement
from shouyue.agreement.terms.models import Agreement, Definition
from shouyue.agreement.terms.tests.sample_terms import SIGNED_AT, terms
from shouyue.store.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed() -> Agreement:
    return sign_agreement(terms(data_until=date(2026, 9, 22)), by="staff:1", at=SIGNED_AT)


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    return client


def _read(client: Client, address: str, language: str = "zh-hans", **more: Any) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(address, **more)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "<c-" not in text
    return text


def test_the_contract_in_chinese(desk: Client, signed: Agreement) -> None:
    page = _read(desk, "/agreement/")
    for words in ("云杉百货有限公司", "知行客户服务有限公司", "林知夏", "客户关系管理与忠诚度提升合同"):
        assert words in page
    for words in ("忠诚度活动", "客户信息收集与管理", "客户满意度不低于 90%", "90 天复购率", "满意度不低于 90%"):
        assert words in page
    assert "Party A is the company" not in page


def test_the_contract_in_english(desk: Client, signed: Agreement) -> None:
    page = _read(desk, "/agreement/", "en")
    for words in (
        "Agreement on Customer Relationship Management and Loyalty",
        "Loyalty activities",
        "8 days left",
        "month 9 of 12",
        "records up to Sep 22, 2026",
        "Customer satisfaction of at least 90%",
        "Every quarter · next on Sep 30, 2026 · target ≥ 90%, definition v1",
        "Repurchase within 90 days",
    ):
        assert words in page
    assert "客户满意度" not in page


def test_a_page_for_a_clause_shows_its_duties_and_definitions(desk: Client, signed: Agreement) -> None:
    page = _read(desk, "/agreement/clauses/4.1/", "en")
    for words in ("Customer records", "Accurate and secure", "Accuracy of records", "Freshness of records", "≥ 95%"):
        assert words in page
    assert "Customer satisfaction of at least 90%" not in page
    assert 'href="/agreement/clauses/3.2/"' in page
    assert 'href="/agreement/clauses/4.2/"' in page


def test_the_breach_clause_names_the_duties_it_answers_for(desk: Client, signed: Agreement) -> None:
    page = _read(desk, "/agreement/clauses/8.1/", "en")
    assert "Customer satisfaction of at least 90%" in page
    assert 'href="/agreement/clauses/3.1(1)/"' in page
    assert "Exact binomial limits, 5% on each side" in page


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("4.1(2)", "/agreement/clauses/4.1/#c4-1-2"),
        ("4", "/agreement/#c4"),
        ("8.1(3)", "/agreement/clauses/8.1/#c8-1-3"),
    ],
)
def test_an_item_and_a_chapter_lead_to_their_place(desk: Client, signed: Agreement, number: str, place: str) -> None:
    answer = desk.get(f"/agreement/clauses/{number}/")
    assert (answer.status_code, answer["Location"]) == (302, place)
    address, anchor = place.split("#")
    assert f'id="{anchor}"' in _read(desk, address)


@pytest.mark.parametrize("number", ["4.9", "4.1(9)", "99", "x", "4.1(2"])
def test_a_clause_that_is_not_there_is_not_found(desk: Client, signed: Agreement, number: str) -> None:
    assert desk.get(f"/agreement/clauses/{number}/").status_code == 404


def test_before_the_first_agreement_the_page_says_what_will_stand_here(desk: Client) -> None:
    assert "No agreement is in force yet" in _read(desk, "/agreement/", "en")
    assert desk.get("/agreement/clauses/4.1/").status_code == 404


@pytest.mark.parametrize("address", ["/agreement/", "/agreement/clauses/4.1/"])
def test_a_stranger_is_sent_to_sign_in(client: Client, signed: Agreement, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("address", ["/agreement/", "/agreement/clauses/4.1/"])
def test_the_pages_are_only_read(desk: Client, signed: Agreement, address: str) -> None:
    assert desk.post(address).status_code == 405


@pytest.mark.parametrize(("address", "questions"), [("/agreement/", 10), ("/agreement/clauses/4.1/", 11)])
def test_a_page_asks_the_same_questions_for_more_rows(
    desk: Client, signed: Agreement, address: str, questions: int
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            _read(desk, address)
        return len(captured)

    before = asked()
    for version in range(2, 30):
        Definition.objects.create(
            agreement=signed, measure="record_accuracy", version=version, frozen_on=date(2026, 6, 1), title_zh="新"
        )
    assert (before, asked()) == (questions, questions)
