"""Reservations on records: held, completed with the payment, set free; stock at many hands, and a race with the end."""

import threading
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from tests.house.checks.pages import raw_components

from shouyue.membership.ledger.public import Balance, prove_balances
from shouyue.membership.programme.public import Occasion, award_occasion, publish_version
from shouyue.membership.rewards.actions.reserving import (
    OtherAmountError,
    ReservationEndedError,
    complete_reservation,
    end_late_reservations,
    end_reservation,
    reserve_reward,
)
from shouyue.membership.rewards.actions.taking import RewardRefusedError, UnknownVoucherError, redeem_reward
from shouyue.membership.rewards.models import Redemption, Reward
from shouyue.membership.tiers.tests.ground import member
from shouyue.store.models import Fact, Staff

AT = datetime(2026, 8, 29, 2, tzinfo=UTC)
ON = date(2026, 8, 29)
LATE = AT + timedelta(minutes=61)


def rich(number: str, points: int = 100) -> UUID:
    who = member(number)
    for turn in range(points // 50):
        award_occasion(customer_id=who, occasion=Occasion.SURVEY, key=f"{turn}", on=ON, at=AT, by="test")
    return who


def reward(points: int = 100, cash_fen: int = 5_000, **more: object) -> Reward:
    told = {"name_zh": "亲子工作坊", "name_en": "Workshop", "changed_at": AT, "changed_by": "test", **more}
    return Reward.objects.create(points=points, cash_fen=cash_fen, **told)


def reserve(who: UUID, what: Reward, key: UUID | None = None) -> Redemption:
    return reserve_reward(redemption_id=key or uuid4(), customer_id=who, reward_id=what.pk, tier=None, at=AT, on=ON)


def complete(taken: Redemption, paid_fen: int = 5_000, at: datetime = AT) -> Redemption:
    return complete_reservation(taken.code.lower(), paid_fen=paid_fen, at=at, on=ON, by="staff:1")


def points(who: UUID) -> dict[str, int]:
    row = Balance.objects.get(customer_id=who)
    told = {"available": row.available, "held": row.held, "redeemed": row.redeemed}
    return {name: number for name, number in told.items() if number}


@pytest.fixture
def programme(db) -> None:
    publish_version(starts_on=date(2024, 1, 1), at=AT, today=None, by="test")


def test_a_reservation_holds_points_and_piece_and_is_completed_once(programme):
    who, what, key = rich("A1", 150), reward(stock_left=2), uuid4()
    taken = reserve(who, what, key)
    assert reserve(who, what, key).code == taken.code
    assert (points(who), Reward.objects.get().stock_left) == ({"available": 50, "held": 100}, 1)
    assert taken.until == AT + timedelta(minutes=60)
    with pytest.raises(OtherAmountError) as other:
        complete(taken, 4_999)
    assert (other.value.cash_fen, points(who)["held"]) == (5_000, 100)
    for _time in range(2):
        assert complete(taken).state == "used"
    assert (points(who), Reward.objects.get().stock_left) == ({"available": 50, "redeemed": 100}, 1)
    assert end_late_reservations(at=LATE, on=ON, by="test") == 0
    assert end_reservation(customer_id=who, redemption_id=key, at=AT, on=ON, by="test").state == "used"
    assert Fact.objects.filter(kind="RewardRedeemed").count() == 1
    assert prove_balances(at=AT, by="test").found == []


def test_what_is_not_fetched_is_set_free_when_its_time_has_ended(programme):
    who, what = rich("A1"), reward(stock_left=1)
    taken = reserve(who, what)
    assert end_late_reservations(at=LATE - timedelta(minutes=2), on=ON, by="test") == 0
    assert [end_late_reservations(at=LATE, on=ON, by="test") for _time in range(2)] == [1, 0]
    assert (points(who), Reward.objects.get().stock_left) == ({"available": 100}, 1)
    with pytest.raises(ReservationEndedError):
        complete(taken)
    assert [
        one["is_late"] for one in Fact.objects.filter(kind="ReservationEnded").values_list("payload", flat=True)
    ] == [True]
    again = reserve(who, what)
    end_reservation(customer_id=who, redemption_id=again.id, at=AT, on=ON, by="test")
    assert (points(who), Reward.objects.get().stock_left) == ({"available": 100}, 1)
    assert prove_balances(at=AT, by="test").found == []


def test_a_reward_with_money_is_only_taken_by_reserving_and_refusals_leave_no_trace(programme):
    who, what = rich("A1", 50), reward(stock_left=1)
    with pytest.raises(RewardRefusedError, match="cash"):
        redeem_reward(redemption_id=uuid4(), customer_id=who, reward_id=what.pk, tier=None, at=AT, on=ON)
    with pytest.raises(RewardRefusedError) as short:
        reserve(who, what)
    assert (short.value.why, short.value.missing) == ("points", 50)
    with pytest.raises(UnknownVoucherError):
        complete_reservation("3333-3333-3333", paid_fen=1, at=AT, on=ON, by="staff:1")
    assert (points(who), Reward.objects.get().stock_left, Redemption.objects.count()) == ({"available": 50}, 1, 0)


def together(count: int, run) -> list[object]:
    """The outcomes of `count` threads that start at once; a refusal is an outcome too."""
    start, outcomes = threading.Barrier(count), []

    def turn(number: int) -> None:
        try:
            start.wait(60)
            outcomes.append(run(number))
        except (RewardRefusedError, ReservationEndedError) as refused:
            outcomes.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=turn, args=(number,)) for number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert len(outcomes) == count
    return outcomes


def test_sixty_four_at_once_reserve_no_more_pieces_than_there_are(fresh_database: str) -> None:
    publish_version(starts_on=date(2024, 1, 1), at=AT, today=None, by="test")
    people = [rich(f"A{number}") for number in range(64)]
    what = reward(stock_left=10)
    outcomes = together(64, lambda number: reserve(people[number], what).state)
    assert outcomes.count("reserved") == 10
    assert [one.why for one in outcomes if isinstance(one, RewardRefusedError)] == ["gone"] * 54
    assert Reward.objects.get().stock_left == 0
    assert sum(points(who).get("held", 0) for who in people) == 1_000
    assert end_late_reservations(at=LATE, on=ON, by="test") == 10
    assert Reward.objects.get().stock_left == 10
    assert {points(who)["available"] for who in people} == {100}
    assert prove_balances(at=AT, by="test").found == []


def test_a_time_out_and_a_completion_at_once_lose_nothing(fresh_database: str) -> None:
    publish_version(starts_on=date(2024, 1, 1), at=AT, today=None, by="test")
    people = [rich(f"A{number}") for number in range(8)]
    what = reward(stock_left=8)
    taken = [reserve(who, what) for who in people]

    def turn(number: int) -> object:
        if number < 8:
            return complete(taken[number], at=LATE).state
        return end_late_reservations(at=LATE, on=ON, by="test")

    outcomes = together(16, turn)
    paid = outcomes.count("used")
    late = sum(isinstance(one, ReservationEndedError) for one in outcomes)
    assert paid + late == 8
    assert Reward.objects.get().stock_left == late
    assert sum(points(who).get("redeemed", 0) for who in people) == paid * 100
    assert sum(points(who).get("available", 0) for who in people) == late * 100
    assert sum(points(who).get("held", 0) for who in people) == 0
    assert prove_balances(at=AT, by="test").found == []


def test_the_desk_looks_a_voucher_up_takes_the_payment_or_ends_it(programme):
    staff = Staff.objects.create_user("a@example.com", name="A", party="a")
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(staff)
    who, what = rich("A1", 200), reward(stock_left=2)
    first, second = reserve(who, what), reserve(who, what)
    page = client.post("/membership/vouchers/use", {"code": first.code}).content.decode()
    assert raw_components(page) == []
    assert ("Workshop" in page, "50.00 paid: hand over" in page, "Void" in page) == (True, True, False)
    for code, wish, words in (
        (first.code, "complete", "Paid. Hand over: Workshop."),
        (second.code, "void", "The reservation is ended."),
    ):
        done = client.post("/membership/vouchers/use", {"code": code, "wish": wish}, follow=True)
        assert words in done.content.decode()
    assert points(who) == {"available": 100, "redeemed": 100}
    late = client.post("/membership/vouchers/use", {"code": second.code, "wish": "complete"})
    assert (late.status_code, "ended before" in late.content.decode()) == (422, True)
    assert client.post("/membership/vouchers/use", {"code": "ABC"}).status_code == 422
