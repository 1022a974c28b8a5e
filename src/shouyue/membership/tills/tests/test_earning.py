"""Orders that come in earn points and returns take them back, once, in whatever way and how often they are told."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from tests.stories.company import bring, order

from shouyue.customers.public import Customer
from shouyue.kernel.ids import new_id
from shouyue.main.reactions import REACTIONS, react_once
from shouyue.membership.ledger.actions.nightly import prove_balances
from shouyue.membership.ledger.public import Balance, Command, Lot, Transfer, enrol_members, move
from shouyue.membership.passes.actions import sell_tier
from shouyue.membership.programme.actions.versions import keep_rule
from shouyue.membership.programme.public import Award, publish_version
from shouyue.membership.tills.models import Earning
from shouyue.membership.tills.public import earn_from_batches
from shouyue.membership.tills.queries import quoted
from shouyue.purchases.models import Order
from shouyue.purchases.orders.rules.drafts import CustomerDraft
from shouyue.purchases.orders.rules.told import ToldLine, order_told
from shouyue.purchases.public import Recording, record_orders
from shouyue.store.models import FactReader
from shouyue.store.readers import follow
from shouyue.store.sequencer import sequence_once

AT = datetime(2025, 1, 2, 4, 0, tzinfo=UTC)
LATER = datetime(2025, 3, 5, 4, 0, tzinfo=UTC)
# Who bought on which day of January.
SALES = [("C1", "09"), ("C1", "10"), ("C2", "10")]
POINTS = [one for one in REACTIONS if one.name == "points"]
pytestmark = pytest.mark.django_db


def programme(*rules: dict, starts_on: date = date(2025, 1, 1)) -> None:
    for rule in rules:
        keep_rule(rule, at=AT, by="test")
    publish_version(starts_on=starts_on, at=AT, today=None, by="test")


def rule(key: str, *, points: int, per_fen: int = 100, **more: object) -> dict:
    empty = {"categories": [], "items": [], "channels": [], "first": None, "last": None, "cap": None, "budget": None}
    return {"key": key, "occasion": "purchase", "points": points, "per_fen": per_fen, **empty, **more}


def settle(at: datetime = LATER) -> None:
    while sequence_once():
        pass

    def act(news):
        earn_from_batches([UUID(one.payload["batch_id"]) for one in news], at=at, by="test")

    while follow("points", act, kinds={"OrdersRecorded"}):
        pass
    assert prove_balances(at=AT, by="test").found == []


def numbers() -> dict[str, UUID]:
    return dict(Customer.objects.values_list("source_key", "pk"))


def joined(folder, *keys: str, at: datetime = AT) -> dict[str, UUID]:
    """Members who are known before they buy."""
    bring(folder / "before", orders=[order(f"0-{key}", key, "2024-06-01") for key in keys])
    known = numbers()
    enrol_members([known[key] for key in keys], at=at)
    return known


def balance(who: UUID) -> dict[str, int]:
    row = Balance.objects.get(pk=who)
    told = {name: getattr(row, name) for name in ("issued", "available", "debt", "redeemed", "expired", "clawed_back")}
    return {name: points for name, points in told.items() if points}


def spend(who: UUID, points: int) -> None:
    move(Command.redemption(new_id(), who, points), at=AT, on=date(2025, 1, 12), by="test")


def test_orders_of_members_earn_and_what_comes_back_is_taken_back_once(tmp_path):
    programme()
    who = joined(tmp_path, "C1", "C2")
    orders = [
        order("1", "C1", "2025-01-10", quantity=3),
        order("2", "C1", "2025-02-10", item="B-1", price="10.55"),
        order("3", "C2", "2025-01-10"),
        order("4", "C3", "2025-01-10"),  # no member
    ]
    bring(tmp_path / "sold", orders=orders)
    settle()
    assert (balance(who["C1"]), balance(who["C2"])) == (
        {"issued": 307, "available": 307},
        {"issued": 99, "available": 99},
    )
    assert [one.expires_on for one in Lot.objects.filter(customer_id=who["C2"])] == [date(2026, 1, 10)]
    bring(tmp_path / "back", orders=[order("5", "C1", "2025-03-01", quantity=-1)])
    for _time in range(2):
        settle()
        assert balance(who["C1"]) == {"issued": 307, "available": 208, "clawed_back": 99}
    [award] = Award.objects.filter(customer_id=who["C2"])
    assert award.parts == [["base", "base", "99", "9900", None]]


def test_reading_all_facts_anew_changes_nothing(tmp_path):
    programme()
    who = joined(tmp_path, "C1")
    bring(tmp_path / "sold", orders=[order("1", "C1", "2025-01-10", quantity=2), order("2", "C1", "2025-01-11")])
    bring(tmp_path / "back", orders=[order("3", "C1", "2025-03-01", quantity=-1)])
    settle()
    told = balance(who["C1"]), Transfer.objects.count(), Earning.objects.count()
    FactReader.objects.filter(pk="points").update(position=0)
    settle()
    assert (balance(who["C1"]), Transfer.objects.count(), Earning.objects.count()) == told
    assert told[0] == {"issued": 198, "available": 198}


def test_what_came_back_first_is_never_given_and_spent_points_are_owed(tmp_path):
    programme()
    who = joined(tmp_path, "C1")
    bring(tmp_path / "sold", orders=[order("1", "C1", "2025-01-10")])
    settle()
    spend(who["C1"], 60)
    bring(tmp_path / "back", orders=[order("2", "C1", "2025-03-01", quantity=-1)])
    settle()
    assert balance(who["C1"]) == {"issued": 99, "redeemed": 60, "debt": 60, "clawed_back": 99}
    bring(tmp_path / "more", orders=[order("3", "C1", "2025-03-02")])
    settle()
    assert balance(who["C1"]) == {"issued": 198, "available": 39, "redeemed": 60, "clawed_back": 99}


def test_points_that_expired_unused_are_not_taken_a_second_time(tmp_path):
    programme()
    who = joined(tmp_path, "C1")
    bring(tmp_path / "sold", orders=[order("1", "C1", "2025-01-10", quantity=3)])
    settle()
    spend(who["C1"], 200)
    for back in (1, 2, 3):
        bring(tmp_path / f"back{back}", orders=[order(f"b{back}", "C1", f"2026-03-0{back}", quantity=-1)])
        settle(datetime(2026, 3, 5, tzinfo=UTC))
        # 297 were earned, 200 spent, 97 have expired.
        taken = max(0, 99 * back - 97)
        assert balance(who["C1"]).get("debt", 0) == taken
    assert balance(who["C1"]) == {"issued": 297, "redeemed": 200, "expired": 97, "debt": 200, "clawed_back": 200}


def test_points_that_expire_between_two_returns_are_not_taken_a_second_time(tmp_path):
    programme()
    who = joined(tmp_path, "C1")["C1"]
    bring(tmp_path / "sold", orders=[order("1", "C1", "2025-01-10", quantity=3)])
    settle()
    bring(tmp_path / "back1", orders=[order("b1", "C1", "2025-03-01", quantity=-1)])
    settle()
    spend(who, 100)
    # Of 297 earned 99 were taken back, 100 spent, 98 expire: only two more were ever used than two pieces give.
    for number, owed in ((2, 1), (3, 100)):
        bring(tmp_path / f"back{number}", orders=[order(f"b{number}", "C1", f"2026-03-0{number}", quantity=-1)])
        settle(datetime(2026, 3, 5, tzinfo=UTC))
        assert balance(who).get("debt", 0) == owed
    assert list(Earning.objects.filter(customer_id=who).values_list("points", "excused")) == [(0, 98)]


def test_points_given_again_that_expire_are_not_taken_back_either(tmp_path):
    programme()
    who = joined(tmp_path, "C1")["C1"]
    bring(tmp_path / "sold", orders=[order("1", "C1", "2025-01-10", price="50.00")])
    settle()
    bring(tmp_path / "back", orders=[order("3", "C1", "2025-03-01", quantity=-1, price="50.00")])
    settle()
    bring(tmp_path / "late", orders=[order("2", "C1", "2025-02-10", price="80.00")])
    settle()
    assert balance(who)["available"] == 50
    bring(tmp_path / "again", orders=[order("4", "C1", "2026-03-01", quantity=-1, price="50.00")])
    settle(datetime(2026, 3, 5, tzinfo=UTC))
    assert balance(who) == {"issued": 100, "available": 50, "clawed_back": 50}


def test_a_return_that_undoes_another_order_after_all_gives_the_first_its_points_again(tmp_path):
    programme()
    who = joined(tmp_path, "C1")
    bring(tmp_path / "sold", orders=[order("1", "C1", "2025-01-10", price="50.00")])
    bring(tmp_path / "back", orders=[order("3", "C1", "2025-03-01", quantity=-1, price="50.00")])
    settle()
    # The return undoes the newest purchase before it, and that one arrives late.
    bring(tmp_path / "late", orders=[order("2", "C1", "2025-02-10", price="80.00")])
    settle()
    assert dict(Earning.objects.filter(customer_id=who["C1"]).values_list("points", "has_returns")) == {
        50: False,
        0: True,
    }
    assert balance(who["C1"])["available"] == 50


def test_a_cancelled_order_loses_its_points(tmp_path):
    programme()
    who = joined(tmp_path, "C1")
    bring(tmp_path / "sold", orders=[order("1", "C1", "2025-01-10")])
    settle()
    known = Order.objects.get(number="1")
    line = known.lines.get()
    told = order_told(
        source="plain",
        number="1",
        customer=CustomerDraft("C1"),
        placed_at=known.placed_at,
        currency="CNY",
        status="cancelled",
        lines=[ToldLine(line.item, line.description, line.quantity, line.unit_price_e4)],
    )
    outcome = record_orders([told], recording=Recording("plain", new_id(), None, AT, "test"))
    assert list(outcome.orders.values()) == ["updated"]
    settle()
    assert balance(who["C1"]) == {"issued": 99, "clawed_back": 99}


def test_nothing_is_earned_before_joining_before_the_programme_or_in_another_currency(tmp_path):
    programme(starts_on=date(2025, 2, 1))
    who = joined(tmp_path, "C1", "C2", at=datetime(2025, 3, 1, 2, 0, tzinfo=UTC))
    enrol_members([numbers()["C1"]], at=AT)
    Balance.objects.filter(pk=who["C1"]).update(enrolled_at=AT)
    orders = [order("1", "C1", "2025-01-10"), order("2", "C2", "2025-02-10"), order("3", "C2", "2025-03-01")]
    bring(tmp_path / "sold", orders=orders)
    settle()
    assert (balance(who["C1"]), balance(who["C2"])) == ({}, {"issued": 99, "available": 99})


def test_tier_item_and_first_purchase_count_as_the_version_of_the_day_says(tmp_path):
    programme(rule("shoes", points=3, items=["A-1"]))
    bring(tmp_path / "known", orders=[order("0", "C1", "2025-01-05", price="0.01")])
    who = numbers()
    enrol_members([who["C1"]], at=AT)
    days = ["2025-01-06 09:00:00", "2025-01-07 09:00:00"]
    orders = [order(str(n), "C1", day, price="2000.00", item="B-1") for n, day in enumerate(days, 1)]
    bring(tmp_path / "sold", orders=[*orders, order("3", "C1", "2025-01-08", price="10.00")])
    settle()
    # The first sale of all is the one of a fen. The second of 2,000 yuan finds the silver tier reached.
    told = dict(Earning.objects.values_list("points", "tier"))
    assert told == {100: "basic", 2000: "basic", 2400: "silver", 36: "silver"}
    assert Award.objects.get(points=36).parts[0] == ["base", "shoes", "30", "1000", None]


def test_a_batch_costs_as_many_statements_for_many_members_as_for_one(tmp_path, django_assert_max_num_queries):
    programme()
    keys = [f"C{number}" for number in range(1, 31)]
    joined(tmp_path, *keys)
    while sequence_once():
        pass
    for number, crowd in enumerate((keys[:1], keys[1:])):
        bring(tmp_path / f"sold{number}", orders=[order(f"s{number}-{key}", key, "2025-01-10") for key in crowd])
        sequence_once()
        with django_assert_max_num_queries(36):
            while react_once(POINTS, at=AT + timedelta(days=400)):
                pass
    assert Balance.objects.filter(available=99).count() == 30


def test_a_tier_that_was_bought_raises_points_on_its_days_alone(tmp_path):
    programme()
    who = joined(tmp_path, "C1", "C2")["C1"]
    days = (date(2025, 1, 10), date(2026, 1, 9))
    sell_tier(pass_id=new_id(), customer_id=who, tier="gold", days=days, price_fen=29_900, at=AT, by="staff:1")
    sold = [(str(number), key, f"2025-01-{day}") for number, (key, day) in enumerate(SALES, start=1)]
    bring(tmp_path / "sold", orders=[order(*one) for one in sold])
    settle()
    numbered = dict(Order.objects.values_list("id", "number"))
    earned = {numbered[one.id]: one.points for one in Earning.objects.all()}
    assert earned == {"1": 99, "2": 148, "3": 99}
    quotes = [
        quoted(who, items=["A-1"], amounts_fen=[9_900], source="plain", placed_at=datetime(2025, 1, day, 4, tzinfo=UTC))
        for day in (9, 10)
    ]
    assert [(one.points, one.tier) for one in quotes] == [(99, "basic"), (148, "gold")]
