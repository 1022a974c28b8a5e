"""Customers through the API: told by their numbers, changed with the version that was seen, searched, never doubled."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shouyue.customers.people.actions.editing import edit_customer
from shouyue.customers.people.models import Customer, Person
from shouyue.customers.telling.rules.versions import version_of
from shouyue.purchases.orders.rules.told import identities
from shouyue.rest.models import KeptCall
from shouyue.rest.tests.callers import a_caller, caller, made_key, new_idempotency_key, post, problem_of
from shouyue.store.models import Fact
from shouyue.store.person_keys import shred

READER = ("customers:read", "customers:write")


def told(number: str = "C1", **more) -> dict:
    return {"number": number, "name": "王小明", "phone": "13800006621", "city": "苏州", "kind": "person", **more}


def patch(client, customer_id: str, change: dict, tag: str | None):
    headers = {"If-Match": tag} if tag else {}
    return client.patch(f"/api/v1/customers/{customer_id}", change, content_type="application/json", headers=headers)


def search(client, text: str) -> dict:
    answer = client.post("/api/v1/customers/search", {"text": text}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def bulk(client, lines: list[bytes], under: str | None = None) -> list[dict]:
    headers = {"Idempotency-Key": under or new_idempotency_key()}
    body = b"\n".join(lines)
    answer = client.post("/api/v1/customers/bulk", body, content_type="application/x-ndjson", headers=headers)
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


@given(st.lists(st.text(max_size=5), min_size=4, max_size=4), st.lists(st.text(max_size=5), min_size=4, max_size=4))
def test_other_values_or_a_changed_person_are_another_version(one, other):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert (version_of(one, None) == version_of(other, None)) == (one == other) or "\x1f" in "".join([*one, *other])
    assert version_of(one, None) != version_of(one, at)


@pytest.mark.django_db
def test_a_customer_is_created_completed_and_met_again_by_number():
    client = a_caller(*READER)
    bodies = [told(), told(), {"number": "C1", "email": "wang@example.cn"}, told(source="crm")]
    answers = [post(client, "customers", body) for body in bodies]
    outcomes = [(answer.status_code, answer.json()["outcome"]) for answer in answers]
    assert outcomes == [(201, "created"), (200, "unchanged"), (200, "updated"), (201, "created")]
    # Whoever bought under this number is the same customer.
    assert answers[0].json()["id"] == identities("plain").customer("C1")
    shown = client.get(f"/api/v1/customers/{answers[0].json()['id']}").json()
    assert (shown["number"], shown["kind"], shown["city"]) == ("C1", "person", "苏州")
    facts = [fact.payload for fact in Fact.objects.filter(kind="CustomersRecorded").order_by("recorded_at", "id")]
    ids = [answer.json()["id"] for answer in answers]
    assert [(one["created"], one["updated"]) for one in facts] == [([ids[0]], []), ([], [ids[0]]), ([ids[3]], [])]
    assert "王" not in json.dumps(facts, ensure_ascii=False)


@pytest.mark.django_db
def test_scopes_decide_what_is_masked():
    made = post(a_caller(*READER), "customers", told(email="wang@example.cn", birthday="1990-05-17")).json()
    address = f"/api/v1/customers/{made['id']}"
    masked = a_caller("customers:read").get(address).json()["person"]
    whole = a_caller("customers:read", "customers:personal").get(address).json()["person"]
    assert (masked["name"], masked["phone"], masked["is_masked"]) == ("王*", "138****6621", True)
    assert "1990-05-17" not in masked.values()
    assert (whole["name"], whole["phone"], whole["email"]) == ("王小明", "+8613800006621", "wang@example.cn")
    assert (whole["birthday"], whole["is_masked"]) == ("1990-05-17", False)
    assert problem_of(a_caller("customers:personal").get(address)) == (403, "scope-missing")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": ""}, "body.number"),
        ({"number": "order 1"}, "body.number"),
        ({"phone": "12345678"}, "body.phone"),
        ({"email": "wang"}, "body.email"),
        ({"birthday": "1990-02-30"}, "body.birthday"),
        ({"birthday": "2190-02-03"}, "body.birthday"),
        ({"name": "王\x00"}, "body.name"),
        ({"kind": "anonymous"}, "body.kind"),
    ],
)
def test_what_cannot_be_used_says_where_and_writes_nothing(change, field):
    answer = post(a_caller(*READER), "customers", told(**change))
    assert problem_of(answer) == (422, "invalid")
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    # The value itself, which may be of a person, is not repeated.
    assert not change.get("phone") or change["phone"] not in answer.content.decode()
    assert (Customer.objects.count(), KeptCall.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_change_needs_the_version_that_was_seen():
    client = a_caller(*READER, "customers:personal")
    made = post(client, "customers", told()).json()["id"]
    seen = client.get(f"/api/v1/customers/{made}").headers["ETag"]
    assert problem_of(patch(client, made, {"city": "南京"}, None)) == (428, "if-match-missing")
    changed = patch(client, made, {"city": "南京", "name": "王晓明"}, seen)
    assert (changed.status_code, changed.json()["city"], changed.json()["person"]["name"]) == (200, "南京", "王晓明")
    assert problem_of(patch(client, made, {"city": "无锡"}, seen)) == (412, "changed-meanwhile")
    assert patch(client, made, {"phone": "13900001111"}, changed.headers["ETag"]).json()["city"] == "南京"
    assert Customer.objects.get(pk=made).city == "南京"
    assert problem_of(patch(client, str(UUID(int=7)), {"city": "无锡"}, "*")) == (404, "not-found")


def test_of_two_changes_at_once_one_is_told_to_look_again(fresh_database):
    token = made_key().token
    made = post(caller(token), "customers", told()).json()["id"]
    seen = caller(token).get(f"/api/v1/customers/{made}").headers["ETag"]
    start = threading.Barrier(2)

    def change(city: str) -> int:
        try:
            client = caller(token)
            start.wait(30)
            return patch(client, made, {"city": city}, seen).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(change, ["南京", "无锡"])) == [200, 412]


@pytest.mark.django_db
def test_what_was_set_by_hand_stays_unless_the_word_is_later():
    client, at = a_caller(*READER), datetime(2026, 1, 2, tzinfo=UTC)
    made = post(client, "customers", told()).json()["id"]
    edit_customer(UUID(made), field="city", value="上海", seen="苏州", by="staff:1", at=at)
    older = post(client, "customers", told(city="北京")).json()
    assert (older["outcome"], older["kept"], Customer.objects.get(pk=made).city) == ("unchanged", "city", "上海")
    later = post(client, "customers", told(city="北京", as_of="2026-02-01T00:00:00Z")).json()
    assert (later["outcome"], Customer.objects.get(pk=made).city) == ("updated", "北京")


@pytest.mark.django_db
def test_customers_are_searched_in_the_body_by_every_kind_of_word(django_assert_max_num_queries):
    client = a_caller(*READER)
    for number in range(3):
        post(client, "customers", told(f"C{number}", phone=f"1380000662{number}", email=f"w{number}@example.cn"))
    post(client, "customers", told("D1", name="李芳", phone="13900001111"))
    for text, numbers in (
        ("小明", ["C0", "C1", "C2"]),
        ("wangxiaoming", ["C0", "C1", "C2"]),
        ("13800006621", ["C1"]),
        ("w2@example.cn", ["C2"]),
        ("D1", ["D1"]),
        ("nobody", []),
    ):
        assert sorted(one["number"] for one in search(client, text)["data"]) == numbers, text
    assert {one["person"]["name"] for one in search(client, "小明")["data"]} == {"王*"}
    with django_assert_max_num_queries(12):
        search(client, "小明")


@pytest.mark.django_db
def test_bulk_gives_every_line_an_outcome():
    client = a_caller(*READER)
    post(client, "customers", told("1"))
    lines = [told("1"), told("2"), told("2", city="无锡"), told("3", phone="123"), {"name": "谁"}]
    answers = bulk(client, [*(json.dumps(one).encode() for one in lines), b"{not json"])
    assert [one["line"] for one in answers] == [1, 2, 3, 4, 5, 6]
    outcomes = ["unchanged", "created", "updated", "rejected", "rejected", "rejected"]
    assert [one["outcome"] for one in answers] == outcomes
    assert [one["errors"][0]["field"] for one in answers[3:]] == ["phone", "number", ""]
    assert set(Customer.objects.values_list("source_key", "city")) == {("1", "苏州"), ("2", "无锡")}


@pytest.mark.django_db
def test_of_the_erased_nothing_is_recorded_again():
    client = a_caller(*READER)
    made = post(client, "customers", told()).json()["id"]
    shred([UUID(made)], at=datetime(2026, 1, 2, tzinfo=UTC))
    assert problem_of(post(client, "customers", told(city="南京"))) == (409, "person-erased")
    assert [one["errors"][0]["code"] for one in bulk(client, [json.dumps(told()).encode()])] == ["person_erased"]
    assert problem_of(patch(client, made, {"name": "王"}, "*")) == (409, "person-erased")
    assert Customer.objects.get(pk=made).city == "苏州"


def test_sixteen_equal_calls_at_once_record_one_customer(fresh_database):
    token, name, start = made_key().token, new_idempotency_key(), threading.Barrier(16)

    def send(_number: int) -> tuple[int, bytes]:
        try:
            client = caller(token)
            start.wait(30)
            answer = post(client, "customers", told(), under=name)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(send, range(16)))
    assert {status for status, _content in answers} == {201}
    assert len(answers) == 1
    assert (Customer.objects.count(), Person.objects.count()) == (1, 1)
    assert Fact.objects.filter(kind="CustomersRecorded").count() == 1


def test_one_customer_told_by_sixteen_at_once_is_one(fresh_database):
    token, start = made_key().token, threading.Barrier(16)

    def send(_number: int) -> str:
        try:
            client = caller(token)
            start.wait(30)
            return post(client, "customers", told()).json()["outcome"]
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        outcomes = sorted(pool.map(send, range(16)))
    assert outcomes == ["created", *["unchanged"] * 15]
