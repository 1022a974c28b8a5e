"""Purchases through the API: payments, places, returns that name their line, and the search."""

import pytest

from shouyue.purchases.orders.models import Order, Payment
from shouyue.purchases.orders.tests.told import purchase
from shouyue.rest.tests.callers import a_caller, post, problem_of
from shouyue.store.models import Fact


@pytest.mark.django_db
def test_payments_come_with_a_purchase_or_later_and_never_change():
    client = a_caller()
    card = {"reference": "P-1", "method": "card", "amount": "20.00", "paid_at": "2026-01-01T09:00:00+08:00"}
    later = {"reference": "P-2", "method": "cash", "amount": "5"}
    answers = [
        post(client, "purchases", purchase(payments=payments))
        for payments in ([card], [card], [later], [card, later], [{**card, "amount": "21.00"}])
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 409]
    told = [answer.json().get("outcome") for answer in answers]
    assert told == ["created", "unchanged", "updated", "unchanged", None]
    read = client.get(
        f"/api/v1/customers/{answers[0].json()['customer_id']}/purchases/{answers[0].json()['id']}"
    ).json()
    assert read["payments"] == [
        {"method": "cash", "amount": "5.0000", "paid_at": "2026-01-01T00:00:00+00:00"},
        {"method": "card", "amount": "20.0000", "paid_at": "2026-01-01T01:00:00+00:00"},
    ]
    facts = [fact.payload for fact in Fact.objects.filter(kind="OrdersRecorded").order_by("recorded_at", "id")]
    assert [(one["created"], one["payments"], one["row_count"]) for one in facts] == [(1, 1, 1), (0, 1, 1)]
    assert Payment.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("is_return_first", [False, True])
def test_a_return_undoes_the_line_that_it_names_whatever_comes_first(is_return_first):
    client = a_caller()
    old = purchase("1", placed_at="2026-01-01T08:00:00Z")
    new = purchase("2", placed_at="2026-01-02T08:00:00Z")
    line = {"item": "TEA", "quantity": -2, "unit_price": "12.5", "undoes": {"number": "1", "line": 1}}
    back = purchase("3", placed_at="2026-01-03T08:00:00Z", lines=[line])
    sent = [back, old, new] if is_return_first else [old, new, back]
    done = {body["number"]: post(client, "purchases", body).json() for body in sent}

    def linked(number: str) -> list[tuple[str, int, int]]:
        at = f"/api/v1/customers/{done[number]['customer_id']}/purchases/{done[number]['id']}"
        [line] = client.get(at).json()["lines"]
        assert (line["not_linked"], line["not_linked_reason"]) == (0, None)
        return [(one["number"], one["line"], one["quantity"]) for one in line["linked"]]

    assert (linked("3"), linked("1"), linked("2")) == ([("1", 1, 2)], [("3", 1, 2)], [])


@pytest.mark.django_db
def test_a_return_that_names_what_is_not_known_says_so():
    client = a_caller()
    line = {"item": "TEA", "quantity": -1, "unit_price": "12.5", "undoes": {"number": "9", "line": 1}}
    post(client, "purchases", purchase("1"))
    done = post(client, "purchases", purchase("2", placed_at="2026-02-01T00:00:00Z", lines=[line])).json()
    [line] = client.get(f"/api/v1/customers/{done['customer_id']}/purchases/{done['id']}").json()["lines"]
    assert (line["linked"], line["not_linked"], line["not_linked_reason"]) == ([], 1, "named_line_unknown")


@pytest.mark.django_db
def test_purchases_are_searched_without_a_number_in_the_address(django_assert_num_queries):
    client = a_caller()
    post(client, "purchases", purchase("1", store="S1", channel="web"))
    post(client, "purchases", purchase("2", store="S2", placed_at="2026-02-01T00:00:00Z"))
    post(client, "purchases", purchase("3", source="till", lines=[{"item": "POT", "quantity": 1, "unit_price": "9"}]))

    def found(**asked) -> list[str]:
        answer = client.post("/api/v1/purchases/search", asked, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return [one["number"] for one in answer.json()["data"]]

    assert sorted(found()) == ["1", "2", "3"]
    assert (found(number="2"), found(source="till"), found(store="S1"), found(channel="web")) == (
        ["2"],
        ["3"],
        ["1"],
        ["1"],
    )
    assert (found(product="POT"), found(placed_from="2026-01-15T00:00:00Z")) == (["3"], ["2"])
    assert found(placed_before="2026-01-15T00:00:00Z", product="TEA") == ["1"]
    assert found(number="2", store="S1") == []
    with django_assert_num_queries(2):
        found()


@pytest.mark.django_db
def test_a_place_may_be_told_later_but_not_another_one():
    client = a_caller()
    bodies = [purchase(), purchase(store="S1"), purchase(), purchase(store="S1", channel="web"), purchase(store="S2")]
    answers = [post(client, "purchases", body) for body in bodies]
    told = [answer.json().get("outcome") for answer in answers]
    assert told == ["created", "updated", "unchanged", "updated", None]
    assert problem_of(answers[-1]) == (409, "purchase-differs")
    assert Order.objects.values_list("store__code", "channel__code").get() == ("S1", "web")
