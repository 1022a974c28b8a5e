"""Every line of a bulk call has one outcome, in order, whatever the lines are and however often they come."""

import json
import random

import pytest

from shouyue.purchases.catalogue.models import Product
from shouyue.purchases.orders.models import Order
from shouyue.purchases.orders.tests.test_rest import as_lines, bulk, outcomes
from shouyue.purchases.orders.tests.told import purchase
from shouyue.rest.tests.callers import a_caller

pytestmark = pytest.mark.django_db
DEEP = b"[" * 100_000
# Bytes of a line, and the code of its fault; "" for a line that is recorded.
NASTY = {
    "not JSON": (b"{not json", "bad_json"),
    "no object": (b"[]", "missing"),
    "a number": (b"1e400", "bad_json"),
    "nothing": (b"null", ""),
    "nested without end": (DEEP, "bad_json"),
    "no UTF-8": (b'{"number": "' + b"\xff\xfe" + b'"}', "bad_json"),
    "half a character": (b'{"number": "\\ud800"}', "bad_json"),
    "a byte of zero": (b"\x00", "bad_json"),
    "two on a line": (b"{}{}", "bad_json"),
    "ten megabytes": (b'{"number": "' + b"a" * 10_000_000 + b'"}', "too_long"),
    "ten megabytes of blanks": (b" " * 10_000_000, "too_long"),
    "something after many blanks": (b" " * 300_000 + b"{}", "too_long"),
}


def codes(told: list[dict]) -> list[str]:
    return [one["errors"][0]["code"] if "errors" in one else one["outcome"] for one in told]


def test_each_nasty_line_has_its_outcome_and_its_neighbours_are_recorded():
    lines: list[bytes] = []
    for number, (nasty, _code) in enumerate(NASTY.values()):
        lines += [*as_lines(purchase(f"N{number}")), nasty]
    told = outcomes(bulk(a_caller(), lines))
    assert [one["line"] for one in told] == list(range(1, len(lines) + 1))
    assert codes(told)[::2] == ["created"] * len(NASTY)
    for (name, (_nasty, code)), found in zip(NASTY.items(), codes(told)[1::2], strict=True):
        assert found == code or not code, name
    assert {one["outcome"] for one in told[1::2]} == {"rejected"}
    assert Order.objects.count() == len(NASTY)


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "a\x00b"},
        {"number": "x" * 71},
        {"placed_at": "2026-02-30T00:00:00+08:00"},
        {"placed_at": "9999-12-31T23:59:59-12:00"},
        {"placed_at": 1e308},
        {"lines": [{"item": "A", "quantity": 10**40, "unit_price": "1"}]},
        {"lines": [{"item": "A", "quantity": 1_000_000, "unit_price": "999999999.9999"}] * 500},
        {"lines": [{"item": "A", "quantity": 1.5, "unit_price": "1"}]},
        {"lines": {"item": "A"}},
        {"currency": "¥¥¥"},
        {"store": "s\u2028" * 60},
    ],
)
def test_values_that_cannot_be_kept_reject_their_own_line_alone(changed):
    lines = as_lines(purchase("1"), {**purchase("2"), **changed}, purchase("3"))
    told = outcomes(bulk(a_caller(), lines))
    assert [one["outcome"] for one in told] == ["created", "rejected", "created"]
    assert Order.objects.count() == 2


def test_the_same_purchase_again_and_again_in_one_call_meets_what_the_lines_before_it_left():
    moved = purchase("1", status="cancelled")
    other = purchase("1", currency="EUR")
    paid = purchase("1", payments=[{"method": "cash", "amount": "5"}])
    lines = as_lines(purchase("1"), purchase("1"), moved, other, moved, paid, paid, purchase("1", source="till"))
    told = outcomes(bulk(a_caller(), lines))
    assert codes(told) == [
        "created",
        "unchanged",
        "updated",
        "differs",
        "unchanged",
        "updated",
        "unchanged",
        "created",
    ]


def test_lines_in_any_order_over_several_batches_keep_their_places():
    chance = random.Random(4)  # noqa: S311 the lines of a test, no secret
    wanted = [purchase(str(number % 700), customer_number=f"C{number % 700 % 13}") for number in range(1_300)]
    chance.shuffle(wanted)
    lines = [b"" if chance.random() < 0.1 else line for line in as_lines(*wanted)]
    told = outcomes(bulk(a_caller(), [*lines, b""]))
    assert [one["line"] for one in told] == [place for place, line in enumerate(lines, start=1) if line]
    seen: set[str] = set()
    for one, line in zip(told, [line for line in lines if line], strict=True):
        number = json.loads(line)["number"]
        assert one["outcome"] == ("unchanged" if number in seen else "created")
        seen.add(number)
    assert set(Order.objects.values_list("number", flat=True)) == seen
    assert Product.objects.count() == 1


@pytest.mark.parametrize("body", [b"", b"\n\n  \r\n"])
def test_an_empty_body_has_no_outcomes(body):
    answer = bulk(a_caller(), [body])
    assert (answer.status_code, outcomes(answer)) == (200, [])
