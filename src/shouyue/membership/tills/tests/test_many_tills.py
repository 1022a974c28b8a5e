"""Sales of a busy shop: few statements for each, tills that call at the same moment, and a programme that changes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from shouyue.membership.ledger.public import Balance
from shouyue.membership.programme.actions.versions import keep_rule
from shouyue.membership.programme.public import publish_version
from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.tills.tests.test_rest import AT, TEA, assert_proved, member, programme, sale
from shouyue.purchases.orders.models import Order
from shouyue.rest.models import KeptCall
from shouyue.rest.tests.callers import a_caller, caller, made_key, post


@pytest.mark.django_db
def test_a_sale_costs_few_statements_however_many_lines_it_has(django_assert_max_num_queries):
    programme()
    member()
    client = a_caller("points:write")
    for number in range(2):
        assert post(client, "points/purchases", sale(f"warm {number}")).status_code == 201
    later = {"placed_at": "2026-02-02T08:00:00+08:00"}
    lines = [{**TEA, "item": f"TEA{number}"} for number in range(40)]
    # The call and its answer 3, the member and what counts 2, the order 5, the points 2, their sum and the facts 2;
    # and the savepoint that a test's transaction makes of the sale's own.
    # The words by which new products are found take two more.
    with django_assert_max_num_queries(14 + 2 + 2):
        assert post(client, "points/purchases", sale("1", lines=lines, **later)).status_code == 201
    with django_assert_max_num_queries(14 + 2):
        assert post(client, "points/purchases", sale("2", lines=lines, **later)).status_code == 201
    assert_proved()


@pytest.mark.django_db
def test_a_new_version_counts_from_the_next_sale_on():
    programme()
    member()
    client = a_caller()
    assert post(client, "points/purchases", sale("1")).json()["earned"] == 200
    [base] = [rule for rule in standard_content()["earn"]["rules"] if rule["key"] == "base"]
    keep_rule({**base, "points": 2}, at=AT, by="test")
    publish_version(starts_on=date(2026, 3, 1), at=AT, today=None, by="test")
    assert post(client, "points/purchases", sale("2")).json()["earned"] == 100
    later = sale("3", placed_at="2026-03-01T08:00:00+08:00")
    assert post(client, "points/purchases", later).json()["earned"] == 200


def test_sales_of_many_tills_at_once_have_an_answer_each(fresh_database):
    programme()
    members = [member(f"C{number}", points=100) for number in range(4)]
    token, start = made_key("points:write").token, Barrier(16)

    def till(number: int) -> list[tuple[int, str]]:
        try:
            client, told = caller(token), []
            start.wait(60)
            for turn in range(4):
                wish = sale(f"{number % 8} {turn}", customer_number=f"C{number % 4}", points=60 if turn == 3 else None)
                under = f"till-{number % 8}-{turn}"
                answer = post(client, "points/purchases", wish, under=under)
                told.append((answer.status_code, under))
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = [one for told in pool.map(till, range(16)) for one in told]
    # Each sale is told twice at the same time under one key. A member's 100 points and what three sales earned,
    # pay for the last sale of both of their tills.
    assert sorted({status for status, _under in answers}) == [201]
    assert Order.objects.count() == 32
    assert [Balance.objects.get(pk=who).redeemed for who in members] == [120] * 4
    assert KeptCall.objects.count() == 32
    assert_proved()
