"""Purchases through the API: read, record once whatever is repeated, record many in flat memory."""

import gc
import json
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from shouyue.customers.people.models import Customer
from shouyue.purchases.catalogue.models import Product
from shouyue.purchases.orders.models import Order, OrderLine
from shouyue.purchases.orders.rules.told import identities
from shouyue.purchases.orders.tests.told import purchase
from shouyue.rest.idempotency import forget_old_calls
from shouyue.rest.models import KeptCall, KeptChunk
from shouyue.rest.tests.callers import a_caller, caller, made_key, new_idempotency_key, post, problem_of
from shouyue.store.models import Fact


def bulk(client, lines: list[bytes], under: str | None = None):
    headers = {"Idempotency-Key": under or new_idempotency_key()}
    return client.post(
        "/api/v1/purchases/bulk", b"\n".join(lines), content_type="application/x-ndjson", headers=headers
    )


def outcomes(answer) -> list[dict]:
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def as_lines(*purchases: dict) -> list[bytes]:
    return [json.dumps(one).encode() for one in purchases]


@pytest.mark.django_db
def test_a_purchase_is_recorded_and_read_back():
    client = a_caller()
    done = post(client, "purchases", purchase())
    told = done.json()
    assert (done.status_code, told["outcome"]) == (201, "created")
    read = client.get(f"/api/v1/customers/{told['customer_id']}/purchases/{told['id']}").json()
    assert read == {
        "id": told["id"],
        "customer_id": told["customer_id"],
        "source": "plain",
        "number": "1",
        "placed_at": "2026-01-01T00:00:00+00:00",
        "kind": "sale",
        "status": "completed",
        "currency": "CNY",
        "total": "25.0000",
        "line_count": 1,
        "store": None,
        "channel": None,
        "payments": [],
        "lines": [
            {
                "line": 1,
                "kind": "sale",
                "item": "TEA",
                "description": "茶",
                "quantity": 2,
                "unit_price": "12.5000",
                "amount": "25.0000",
                "sold_at": "2026-01-01T00:00:00+00:00",
                "product_id": str(Product.objects.get(code="TEA").pk),
                "linked": [],
                "not_linked": 0,
                "not_linked_reason": None,
            }
        ],
    }
    assert client.get(f"/api/v1/customers/{told['customer_id']}").json()["number"] == "C1"


@pytest.mark.django_db
def test_a_known_purchase_is_unchanged_moves_on_or_differs():
    client = a_caller()
    answers = [
        post(client, "purchases", body)
        for body in (purchase(), purchase(), purchase(status="cancelled"), purchase(currency="EUR"))
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 409]
    assert [answer.json().get("outcome") for answer in answers] == ["created", "unchanged", "updated", None]
    assert problem_of(answers[3]) == (409, "purchase-differs")
    assert Order.objects.values_list("status", "currency").get() == ("cancelled", "CNY")


@pytest.mark.django_db
def test_a_repeated_call_gets_the_same_answer_and_does_nothing():
    client, name = a_caller(), new_idempotency_key()
    first = post(client, "purchases", purchase(), under=name)
    again = post(client, "purchases", purchase(), under=name)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert problem_of(post(client, "purchases", purchase("2"), under=name)) == (409, "key-reused")
    assert post(a_caller(), "purchases", purchase("2"), under=name).status_code == 201  # another program's name
    assert Order.objects.count() == 2


@pytest.mark.django_db
def test_a_refused_call_keeps_nothing_and_may_be_mended():
    client, name = a_caller(), new_idempotency_key()
    assert problem_of(post(client, "purchases", purchase(currency="yuan"), under=name)) == (422, "invalid")
    assert KeptCall.objects.count() == 0
    assert post(client, "purchases", purchase(), under=name).status_code == 201


def test_sixteen_equal_calls_at_once_have_one_effect_and_one_answer(fresh_database):
    token, name, start = made_key().token, new_idempotency_key(), threading.Barrier(16)

    def call(_number: int) -> tuple[int, bytes, str | None]:
        try:
            client = caller(token)
            start.wait(30)
            answer = post(client, "purchases", purchase(), under=name)
            return answer.status_code, answer.content, answer.headers.get("Idempotent-Replayed")
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(call, range(16)))
    assert {(status, content) for status, content, _replayed in answers} == {(201, answers[0][1])}
    assert sorted(replayed or "" for _status, _content, replayed in answers) == ["", *["true"] * 15]
    assert (Order.objects.count(), OrderLine.objects.count(), KeptCall.objects.count()) == (1, 1, 1)
    assert Fact.objects.filter(kind="OrdersRecorded").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": ""}, "body.number"),
        ({"number": "a\x00"}, "body.number"),
        ({"customer_number": "order 1"}, "body.customer_number"),
        ({"placed_at": "2026-01-01T08:00:00"}, "body.placed_at"),
        ({"placed_at": "1600-01-01T08:00:00Z"}, "body.placed_at"),
        ({"status": "lost"}, "body.status"),
        ({"lines": []}, "body.lines"),
        ({"lines": [{"item": "A", "quantity": 1, "unit_price": "1.23456"}]}, "body.lines.0.unit_price"),
        ({"lines": [{"item": "A", "quantity": 1, "unit_price": 1.5}]}, "body.lines.0.unit_price"),
        (
            {"lines": [{"item": "A", "quantity": 1, "unit_price": "1", "undoes": {"number": "1", "line": 1}}]},
            "body.lines.0",
        ),
        ({"payments": [{"method": "", "amount": "1"}]}, "body.payments.0.method"),
        (
            {"payments": [{"method": "a", "amount": "1"}, {"reference": "1", "method": "b", "amount": "1"}]},
            "body.payments",
        ),
        ({"lines": [{"item": "A", "quantity": 1_000_000, "unit_price": "999999999"}]}, "body"),
    ],
)
def test_purchases_that_cannot_be_recorded_say_where(changed, field):
    answer = post(a_caller(), "purchases", purchase(**changed))
    assert problem_of(answer) == (422, "invalid")
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert Order.objects.count() == Customer.objects.count() == 0


@pytest.mark.django_db
def test_a_till_sale_has_a_subject_of_its_own_and_returns_are_told_by_their_quantity():
    client = a_caller()
    back = [{"item": "TEA", "quantity": -1, "unit_price": "12.5"}]
    post(client, "purchases", purchase("1", customer_number=""))
    post(client, "purchases", purchase("2", lines=back))
    kinds = {row.number: row.kind for row in Order.objects.all()}
    assert kinds == {"1": "sale", "2": "return"}
    assert sorted(Customer.objects.values_list("source_key", "kind")) == [("C1", "unknown"), ("order 1", "anonymous")]


@pytest.mark.django_db
def test_bulk_answers_each_line_with_its_outcome():
    client = a_caller()
    post(client, "purchases", purchase("1"))
    other = purchase("1", currency="EUR")
    lines = as_lines(purchase("1"), purchase("2"), other, purchase("2"), purchase("3", lines=[]))
    answer = bulk(client, [*lines, b"{not json", b"", b"[]", b'"' + b"a" * 300_000 + b'"'])
    told = outcomes(answer)
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert [one["line"] for one in told] == [1, 2, 3, 4, 5, 6, 8, 9]  # the seventh is blank
    assert [one["outcome"] for one in told] == ["unchanged", "created", "rejected", "unchanged", *["rejected"] * 4]
    codes = [one["errors"][0]["code"] for one in told if "errors" in one]
    assert codes == ["differs", "too_short", "bad_json", "missing", "too_long"]
    assert Order.objects.count() == 2


@pytest.mark.django_db
def test_a_repeated_bulk_call_gets_the_same_lines_and_does_nothing():
    client, name = a_caller(), new_idempotency_key()
    lines = as_lines(*(purchase(str(number)) for number in range(1200)))
    first = outcomes(bulk(client, lines, under=name))
    facts = Fact.objects.count()
    repeated = bulk(client, lines, under=name)
    assert (outcomes(repeated), repeated.headers["Idempotent-Replayed"]) == (first, "true")
    assert (Fact.objects.count(), Order.objects.count()) == (facts, 1200)
    assert problem_of(bulk(client, lines[:-1], under=name)) == (409, "key-reused")


def test_a_bulk_call_that_broke_off_goes_on_where_it_ended(fresh_database):
    client, name = a_caller(), new_idempotency_key()
    lines = as_lines(*(purchase(str(number)) for number in range(1200)))
    broken = bulk(client, lines, under=name)
    next(iter(broken.streaming_content))
    broken.close()
    assert (Order.objects.count(), KeptChunk.objects.count()) == (500, 1)
    assert KeptCall.objects.get().status is None
    told = outcomes(bulk(client, lines, under=name))
    # What the first call did is told as it did it: created, not unchanged.
    assert [one["outcome"] for one in told] == ["created"] * 1200
    assert (Order.objects.count(), KeptCall.objects.get().status) == (1200, 200)


def test_equal_bulk_calls_at_once_have_one_effect(fresh_database):
    token, name = made_key().token, new_idempotency_key()
    lines = as_lines(*(purchase(str(number), customer_number=f"C{number}") for number in range(1100)))
    start = threading.Barrier(4)

    def call(_number: int) -> bytes:
        try:
            client = caller(token)
            start.wait(30)
            answer = bulk(client, lines, under=name)
            return b"".join(answer.streaming_content)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(call, range(4)))
    [answer] = answers
    assert answer.count(b'"created"') == 1100
    assert (Order.objects.count(), Fact.objects.filter(kind="OrdersRecorded").count()) == (1100, 3)


@pytest.mark.django_db
def test_the_memory_of_a_bulk_call_does_not_grow_with_its_lines():
    def peak(lines: int) -> int:
        numbers = range(lines)
        body = b"\n".join(as_lines(*(purchase(str(one), customer_number=f"C{one}") for one in numbers)))
        headers = {"Idempotency-Key": new_idempotency_key()}
        answer = client.post("/api/v1/purchases/bulk", body, content_type="application/x-ndjson", headers=headers)
        del body
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        for _chunk in answer.streaming_content:
            gc.collect()  # else the peak is of what the collector has not come to yet
        return tracemalloc.get_traced_memory()[1] - before

    client, ids = a_caller(), identities("plain")
    tracemalloc.start()
    try:
        for number in range(5_000):  # the caches of ids are bounded; full from the start they do not grow
            ids.order(f"other {number}"), ids.customer(f"other {number}")
        peak(500)
        assert peak(4_000) < 1.2 * peak(1_000)
    finally:
        tracemalloc.stop()


@pytest.mark.django_db
def test_purchases_are_listed_page_by_page_and_by_customer(django_assert_num_queries):
    client = a_caller()
    for number in range(7):
        post(client, "purchases", purchase(str(number), placed_at=f"2026-01-0{number % 3 + 1}T00:00:00Z"))
    post(client, "purchases", purchase("x", customer_number="C2"))
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get("/api/v1/purchases", {"limit": 3, "cursor": cursor}).json()
        seen += [(row["placed_at"], row["id"]) for row in page["data"]]
        cursor = page["next_cursor"]
    assert seen == sorted(seen)
    assert len(set(seen)) == 8
    other = Customer.objects.get(source_key="C2").pk
    with django_assert_num_queries(2):
        mine = client.get("/api/v1/purchases", {"customer_id": str(other)}).json()
    assert [row["number"] for row in mine["data"]] == ["x"]
    with django_assert_num_queries(2):
        client.get("/api/v1/purchases")


@pytest.mark.django_db
def test_kept_calls_are_forgotten_after_two_days():
    post(a_caller(), "purchases", purchase())
    made = KeptCall.objects.get().created_at
    assert forget_old_calls(at=made + timedelta(hours=47)) == 0
    assert forget_old_calls(at=made + timedelta(hours=49)) == 1


@pytest.mark.django_db
def test_what_is_not_there_is_not_found():
    nobody = UUID(int=7)
    client = a_caller()
    for address in (
        f"customers/{nobody}",
        f"customers/{nobody}/purchases/{nobody}",
        f"customers/{nobody}/answers/{nobody}",
    ):
        assert problem_of(client.get(f"/api/v1/{address}")) == (404, "not-found")
