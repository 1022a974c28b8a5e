"""The number of a source is one customer's order: told under another it is refused, unless both are one person."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import import_module
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from shouyue.customers.duplicates.actions.merging import merge_customers, unmerge_customers
from shouyue.purchases.models import Order, OrderLine, TakenNumber
from shouyue.purchases.orders.rules.told import identities
from shouyue.purchases.orders.tests.told import CASH, purchase
from shouyue.rest.tests.callers import a_caller, caller, made_key, new_idempotency_key, post, problem_of

AT = datetime(2026, 1, 2, tzinfo=UTC)
C1, C2 = (identities("plain").customer(number) for number in ("C1", "C2"))


def bulk(client, *told: dict) -> list[dict]:
    body, headers = "\n".join(map(json.dumps, told)), {"Idempotency-Key": new_idempotency_key()}
    answer = client.post("/api/v1/purchases/bulk", body, content_type="application/x-ndjson", headers=headers)
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def orders() -> list[tuple[str, str, str]]:
    return sorted((str(who), number, status) for who, number, status in Order.objects.values_list(*_ORDER))


_ORDER = ("customer_id", "number", "status")


def merged() -> UUID:
    return merge_customers(survivor=UUID(C2), merged=UUID(C1), by="test", at=AT).pk


@pytest.mark.django_db
def test_a_number_of_another_customer_is_refused_and_nothing_is_kept():
    client = a_caller()
    assert post(client, "purchases", purchase()).status_code == 201
    for other in ("C2", ""):
        answer = post(client, "purchases", purchase(customer_number=other))
        assert problem_of(answer) == (409, "purchase-elsewhere")
        assert answer.json()["detail"] == (
            "If both customers are one person, merge them and send it again; if not, correct the number or the "
            "customer."
        )
    assert orders() == [(C1, "1", "completed")]
    assert client.get(f"/api/v1/customers/{C2}").status_code == 404
    assert post(client, "purchases", purchase(customer_number="C2", source="till")).status_code == 201


@pytest.mark.django_db
def test_a_sale_to_nobody_is_not_somebodys_afterwards():
    client = a_caller()
    assert post(client, "purchases", purchase(customer_number="")).status_code == 201
    assert problem_of(post(client, "purchases", purchase())) == (409, "purchase-elsewhere")


@pytest.mark.django_db
def test_many_at_once_refuse_the_line_and_keep_the_others():
    told = bulk(a_caller(), purchase(), purchase(customer_number="C2"), purchase("2", customer_number="C2"), purchase())
    assert [one["outcome"] for one in told] == ["created", "rejected", "created", "unchanged"]
    assert told[1]["errors"] == [
        {
            "field": "number",
            "code": "elsewhere",
            "message": "This purchase belongs to another customer. If both customers are one person, merge them and "
            "send it again; if not, correct the number or the customer.",
        }
    ]
    assert orders() == sorted([(C1, "1", "completed"), (C2, "2", "completed")])


@pytest.mark.django_db
def test_of_one_person_it_is_the_same_order_where_it_stands():
    client = a_caller()
    post(client, "purchases", purchase())
    post(client, "purchases", purchase("2", customer_number="C2"))
    standing = merged()
    again = post(client, "purchases", purchase(customer_number="C2"))
    assert (again.status_code, again.json()) == (
        200,
        {"outcome": "unchanged", "id": identities("plain").order("1"), "customer_id": C1},
    )
    moved = post(client, "purchases", purchase(customer_number="C2", status="cancelled", payments=[CASH]))
    assert (moved.status_code, moved.json()["outcome"], moved.json()["customer_id"]) == (200, "updated", C1)
    assert problem_of(post(client, "purchases", purchase(customer_number="C2", currency="EUR"))) == (
        409,
        "purchase-differs",
    )
    assert orders() == sorted([(C1, "1", "cancelled"), (C2, "2", "completed")])
    assert client.get(f"/api/v1/customers/{C1}/purchases/{identities('plain').order('1')}").json()["payments"]
    unmerge_customers(standing, by="test", at=AT)
    assert problem_of(post(client, "purchases", purchase(customer_number="C2"))) == (409, "purchase-elsewhere")


def test_of_two_customers_at_once_exactly_one_gets_the_number(fresh_database):
    token, start = made_key().token, Barrier(8)

    def till(place: int) -> list[tuple[int, str]]:
        try:
            client, told = caller(token), []
            start.wait(60)
            # Forwards and backwards, so that calls that tell several would wait for each other in a circle.
            for number in range(6) if place % 2 else range(5, -1, -1):
                answer = post(client, "purchases", purchase(str(number), customer_number=f"C{place}"))
                told.append((answer.status_code, str(number)))
            wish = [purchase(f"bulk {number}", customer_number=f"C{place}") for number in range(6)]
            told += [
                (201 if one["outcome"] == "created" else 409, f"bulk {number}")
                for number, one in enumerate(bulk(client, *(wish if place % 2 else wish[::-1])))
            ]
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = [one for told in pool.map(till, range(8)) for one in told]
    assert sorted(status for status, _number in answers) == [201] * 12 + [409] * 84
    assert (Order.objects.count(), OrderLine.objects.count(), TakenNumber.objects.count()) == (12, 12, 12)


@pytest.mark.django_db
def test_orders_told_twice_before_stay_and_the_earlier_one_has_the_number():
    client = a_caller()
    post(client, "purchases", purchase())
    first = Order.objects.values().get()
    post(client, "purchases", purchase("2", customer_number="C2"))
    later = {**first, "customer_id": UUID(C2), "placed_at": datetime(2026, 1, 3, tzinfo=UTC)}
    Order.objects.create(**{key: value for key, value in later.items() if key != "pk"})
    TakenNumber.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("shouyue.purchases.migrations.0010_numbers_taken")._FILL)
    assert {(str(one.order_id), str(one.customer_id)) for one in TakenNumber.objects.all()} == {
        (identities("plain").order("1"), C1),
        (identities("plain").order("2"), C2),
    }
    for known in ("C1", "C2"):
        assert post(client, "purchases", purchase(customer_number=known)).json()["outcome"] == "unchanged"
    assert problem_of(post(client, "purchases", purchase(customer_number="C3"))) == (409, "purchase-elsewhere")
