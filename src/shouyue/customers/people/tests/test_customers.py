"""Customers of a batch become known: once, completed, never made poorer; two at once."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection

from shouyue.customers.public import Customer, CustomerFacts, ensure_customers
from shouyue.kernel.ids import keyed_id, source_namespace

MAY, JUNE, JULY = (datetime(2011, month, 1, tzinfo=UTC) for month in (5, 6, 7))
NAMESPACE = source_namespace("test:customer")


def told(key: str, **more) -> CustomerFacts:
    return CustomerFacts(id=keyed_id(NAMESPACE, key), source="test", source_key=key, kind="unknown", **more)


@pytest.mark.django_db
def test_a_customer_is_made_once_and_completed():
    assert set(ensure_customers([told("7", seen_at=JUNE)]).values()) == {"created"}
    assert set(ensure_customers([told("7", seen_at=JUNE)]).values()) == {"unchanged"}
    assert set(ensure_customers([told("7", city="苏州", seen_at=MAY)]).values()) == {"updated"}
    customer = Customer.objects.get()
    assert (customer.city, customer.first_seen_at, customer.last_seen_at) == ("苏州", MAY, JUNE)


@pytest.mark.django_db
def test_what_is_known_later_wins_and_nothing_is_emptied():
    ensure_customers([told("7", country="France", city="Lyon", seen_at=JUNE)])
    ensure_customers([told("7", country="Spain", seen_at=MAY)])
    assert Customer.objects.get().country == "France"
    ensure_customers([told("7", country="Italy", seen_at=JULY)])
    customer = Customer.objects.get()
    assert (customer.country, customer.city, customer.first_seen_at, customer.last_seen_at) == (
        *("Italy", "Lyon"),
        *(MAY, JULY),
    )


@pytest.mark.django_db
def test_a_list_wins_over_dated_records():
    ensure_customers([told("7", city="Lyon", seen_at=JUNE)])
    assert set(ensure_customers([told("7", city="Nice")]).values()) == {"updated"}
    assert set(ensure_customers([told("7", city="Nice"), told("7", city="Lyon", seen_at=JUNE)]).values()) == {
        "unchanged"
    }
    customer = Customer.objects.get()
    assert (customer.city, customer.last_seen_at) == ("Nice", JUNE)


@pytest.mark.django_db
def test_several_records_in_one_batch_give_what_several_batches_give():
    records = [told("7", country="A", seen_at=MAY), told("7", city="B", seen_at=JULY), told("7", region="C")]
    ensure_customers(records)
    for record in records:
        ensure_customers([replace(record, id=keyed_id(NAMESPACE, "8"), source_key="8")])
    fields = ("kind", "country", "region", "city", "first_seen_at", "last_seen_at")
    one, other = Customer.objects.order_by("source_key").values_list(*fields)
    assert one == other == ("unknown", "A", "C", "B", MAY, JULY)


@pytest.mark.django_db
def test_nothing_told_is_nothing_done():
    assert ensure_customers([]) == {}


def test_two_batches_in_opposite_order_do_not_wait_for_each_other(fresh_database):
    people = [told(str(number), seen_at=MAY) for number in range(300)]
    made: list[dict] = []
    gate = threading.Barrier(2)

    def work(batch: list[CustomerFacts]) -> None:
        try:
            gate.wait()
            for _ in range(5):
                made.append(ensure_customers(batch))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(batch,)) for batch in (people, people[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 10
    assert sum(outcome == "created" for batch in made for outcome in batch.values()) == 300
    assert Customer.objects.count() == 300
