"""What members and tills meet at the edges: tiers that changed before a return, last days, clocks that are put on."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from tests.stories.company import bring, order

from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.public import Balance, Command, expire_due, move
from shouyue.membership.programme.public import Award
from shouyue.membership.tills.actions.members import move_for_till
from shouyue.membership.tills.actions.selling import RefusedSaleError
from shouyue.membership.tills.models import Earning
from shouyue.membership.tills.queries import quoted
from shouyue.membership.tills.rules.wishes import capture, hold, redemption
from shouyue.membership.tills.tests.test_categories import catalogue
from shouyue.membership.tills.tests.test_earning import AT, balance, joined, programme, rule, settle
from shouyue.membership.tills.tests.test_rest import assert_proved, member, sale
from shouyue.purchases.orders.rules.drafts import CustomerDraft
from shouyue.purchases.orders.rules.told import ToldLine, order_told
from shouyue.purchases.public import Recording, record_orders
from shouyue.rest.tests.callers import a_caller, post

pytestmark = pytest.mark.django_db


def test_returns_after_the_tier_changed_take_back_by_the_tier_that_the_order_earned_with(tmp_path):
    programme()
    who = joined(tmp_path, "C1")["C1"]
    large = order("1", "C1", "2025-01-10", price="1000.00")
    small = order("2", "C1", "2025-01-11", item="B-1", price="50.00", quantity=2)
    bring(tmp_path / "sold", orders=[large, small])
    settle()
    # The large one made the member silver: the small one earns 1.2 times.
    assert dict(Earning.objects.values_list("points", "tier")) == {1000: "basic", 120: "silver"}
    bring(tmp_path / "back1", orders=[order("b1", "C1", "2025-02-01", price="1000.00", quantity=-1)])
    settle()
    assert balance(who)["available"] == 120
    bring(tmp_path / "back2", orders=[order("b2", "C1", "2025-02-02", item="B-1", price="50.00", quantity=-1)])
    settle()
    assert balance(who) == {"issued": 1120, "available": 60, "clawed_back": 1060}
    assert dict(Earning.objects.values_list("points", "tier")) == {0: "basic", 60: "silver"}


def test_lines_of_a_category_that_come_back_piece_by_piece_take_back_exactly_what_they_gave(tmp_path):
    known = catalogue(A_1="tea", B_1="food", C_1="tools")
    programme(rule("food", points=7, per_fen=300, categories=[known["food"]]))
    who = joined(tmp_path, "C1")["C1"]
    prices = {"A-1": "1.99", "B-1": "3.50", "C-1": "2.49"}
    sold = [order("1", "C1", "2025-01-10", item=item, price=price, quantity=2) for item, price in prices.items()]
    bring(tmp_path / "sold", orders=sold)
    settle()
    # 10.98 of food at 7 for every 3.00, and 4.98 of tools at 1 for every 1.00: each rounded down once.
    left = [25 + 4]
    assert balance(who)["available"] == left[0]
    pieces = [item for item in prices for _piece in range(2)]
    for number, item in enumerate(pieces):
        back = order(f"b{number}", "C1", f"2025-02-{number + 1:02}", item=item, price=prices[item], quantity=-1)
        bring(tmp_path / f"back{number}", orders=[back])
        settle()
        left.append(balance(who).get("available", 0))
    assert left == [29, 20 + 4, 16 + 4, 8 + 4, 4, 2, 0]
    assert "debt" not in balance(who)


def awarded(who: UUID, points: int, last: date) -> None:
    days = (date(2026, 1, 2), last)
    move(Command.award(new_id(), who, points, cost_fen=points, days=days), at=AT, on=days[0], by="test")


def test_points_are_good_to_the_end_of_their_last_day_by_the_clocks_of_the_programme():
    who = member()
    awarded(who, 100, date(2026, 2, 1))
    before, after = datetime(2026, 2, 1, 15, 59, 59, tzinfo=UTC), datetime(2026, 2, 1, 16, 0, tzinfo=UTC)
    held = move_for_till(hold(new_id(), who, 30, None), at=before, by="test")
    assert move_for_till(redemption(new_id(), who, 50), at=before, by="test").usable == 20
    # The night's run on the last day takes nothing.
    expire_due(on=date(2026, 2, 1), at=before, by="test")
    assert Balance.objects.get(pk=who).available == 20
    with pytest.raises(RefusedSaleError) as refused:
        move_for_till(redemption(new_id(), who, 1), at=after, by="test")
    assert (refused.value.why, refused.value.usable) == ("points_short", 0)
    # What was set aside on the last day can still pay.
    assert move_for_till(capture(new_id(), who, held.id, None), at=after, by="test").points == 30
    assert_proved()


@pytest.mark.parametrize(
    ("zone", "last_moment", "first_moment"),
    [
        # The clocks go back on the second day's eve: it has 25 hours.
        ("America/New_York", "2025-11-03T04:59:59Z", "2025-11-03T05:00:00Z"),
        # They go forward: the day before has 23 hours.
        ("Europe/London", "2025-03-30T22:59:59Z", "2025-03-30T23:00:00Z"),
        # They go by half an hour.
        ("Australia/Lord_Howe", "2025-10-05T12:59:59Z", "2025-10-05T13:00:00Z"),
        # Midnight itself is skipped: the day begins at one.
        ("Africa/Cairo", "2025-04-24T21:59:59Z", "2025-04-24T22:00:00Z"),
    ],
)
def test_a_purchase_counts_on_its_own_day_where_clocks_are_put_on(settings, zone, last_moment, first_moment):
    settings.TIME_ZONE = zone
    first = datetime.fromisoformat(first_moment)
    programme()
    programme(rule("base", points=5), starts_on=_day_in(zone, first))
    who = member()
    client = a_caller("points:write", "points:read")
    tea = [{"item": "TEA", "description": "茶", "quantity": 1, "unit_price": "10.00"}]
    assert post(client, "points/purchases", sale("0", lines=tea, placed_at="2026-01-05T12:00:00Z")).status_code == 201
    Balance.objects.filter(pk=who).update(enrolled_at=AT)
    told = [
        post(client, "points/purchases", sale(at, lines=tea, placed_at=at)).json()["earned"]
        for at in (last_moment, first_moment)
    ]
    assert told == [10, 50]
    quotes = [
        quoted(who, items=["TEA"], amounts_fen=[1000], source="plain", placed_at=datetime.fromisoformat(at)).points
        for at in (last_moment, first_moment)
    ]
    assert quotes == [10, 50]
    # The same in the worker, which reads the day from the database.
    drafts = [
        order_told(
            source="plain",
            number=f"worker {at}",
            customer=CustomerDraft("C1"),
            placed_at=datetime.fromisoformat(at),
            currency="CNY",
            status=None,
            lines=[ToldLine("TEA", "茶", 1, 100_000)],
        )
        for at in (last_moment, first_moment)
    ]
    record_orders(drafts, recording=Recording("plain", new_id(), None, AT, "test"))
    settle(datetime(2026, 1, 6, tzinfo=UTC))
    days = Award.objects.exclude(on=date(2026, 1, 5)).order_by("points", "on").values_list("points", "on")
    last, then = _day_in(zone, datetime.fromisoformat(last_moment)), _day_in(zone, first)
    assert (then - last).days == 1
    assert list(days) == [(10, last), (10, last), (50, then), (50, then)]


def _day_in(zone: str, at: datetime) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
