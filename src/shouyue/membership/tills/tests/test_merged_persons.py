"""A person under two numbers: all points count and pay in one order, limits are theirs; un-merging moves nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from shouyue.customers.duplicates.actions.merging import merge_customers, unmerge_customers
from shouyue.kernel.ids import new_id
from shouyue.membership.adjusting.actions import TooFewPointsError, ask_adjustment, decide_adjustment
from shouyue.membership.ledger.public import Balance, Command, Lot, Transfer, move
from shouyue.membership.programme.models import ProgrammeVersion
from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.rewards.public import (
    Reward,
    RewardRefusedError,
    complete_reservation,
    give_back,
    redeem_reward,
    reserve_reward,
)
from shouyue.membership.sharing.actions import GIFT_MOST_A_DAY, NotSharedError, draw, give, share
from shouyue.membership.tiers.public import member_view
from shouyue.membership.tills.tests.test_rest import AT, assert_proved, member, programme, sale
from shouyue.rest.tests.callers import a_caller, caller, made_key, post, problem_of

ON = date(2026, 1, 2)
NOW = {"at": AT, "on": ON, "by": "test"}


def with_points(number: str, *lots: tuple[int, date]) -> UUID:
    """A member whose lots have these points and last days."""
    who = member(number)
    for points, last in lots:
        move(Command.award(new_id(), who, points, cost_fen=points, days=(ON, last)), **NOW)
    return who


def two() -> tuple[UUID, UUID, UUID]:
    """Two numbers of one person: 100 points that expire late, 50 that expire early; and the merge."""
    late, early = with_points("C1", (100, date(2046, 6, 1))), with_points("C2", (50, date(2046, 3, 1)))
    return late, early, merge_customers(survivor=late, merged=early, by="staff:1", at=AT).pk


def left(*people: UUID) -> list[tuple[int, int, int]]:
    """What each number has available, held and redeemed."""
    rows = [Balance.objects.get(pk=one) for one in people]
    return [(row.available, row.held, row.redeemed) for row in rows]


def path(who: UUID, what: str) -> str:
    return f"points/members/{who}/{what}"


@pytest.mark.django_db
def test_what_is_set_aside_comes_from_all_numbers_and_is_paid_or_set_free_under_each():
    late, early, merged = two()
    client = a_caller()
    held = post(client, path(early, "holds"), {"points": 120}).json()
    assert (held["usable"], left(late, early)) == (30, [(30, 70, 0), (0, 50, 0)])
    assert problem_of(post(client, path(late, "holds"), {"points": 31})) == (409, "points-short")
    freed = post(client, path(late, f"holds/{held['id']}/release"), {"points": 10}).json()
    assert (freed["points"], freed["usable"], left(late, early)) == (10, 40, [(30, 70, 0), (10, 40, 0)])
    for _time in range(2):
        paid = post(client, path(late, f"holds/{held['id']}/capture"), {"points": 60}, under="capture-it").json()
        assert (paid["points"], paid["usable"]) == (60, 90)
    assert left(late, early) == [(80, 0, 20), (10, 0, 40)]
    assert problem_of(post(client, path(late, f"holds/{held['id']}/capture"))) == (409, "hold-settled")
    unmerge_customers(merged, by="staff:1", at=AT)
    assert [client.get(f"/api/v1/points/members/{who}").json()["usable"] for who in (late, early)] == [80, 10]
    owned = {(row.customer_id, row.id): row.left for row in Lot.objects.all()}
    assert sorted((who == late, points) for (who, _lot), points in owned.items()) == [(False, 10), (True, 80)]
    assert_proved()


@pytest.mark.django_db
def test_a_sale_is_paid_by_all_numbers_once_even_when_they_are_un_merged_and_it_is_told_again():
    programme()
    late, early, merged = two()
    client = a_caller("points:write", "points:read")
    sold = post(client, "points/purchases", sale(points=130)).json()
    assert (sold["spent"], left(late, early)[1]) == (130, (0, 0, 50))
    # What is left is the person's, with the points that the sale earned under its own number.
    assert sold["usable"] == 20 + sold["earned"]
    again = post(client, "points/purchases", sale(points=130))
    assert (again.status_code, again.json()["spent"]) == (200, 130)
    whole = post(client, "points/purchases", sale("2", points=20, placed_at="2026-02-02T08:00:00+08:00"))
    assert (whole.status_code, left(early)) == (201, [(0, 0, 50)])
    unmerge_customers(merged, by="staff:1", at=AT)
    before = left(late, early)
    assert problem_of(post(client, "points/purchases", sale(points=130))) == (409, "purchase-differs")
    assert left(late, early) == before
    assert_proved()


@pytest.mark.django_db
def test_a_sale_that_another_number_paid_alone_is_not_paid_again_after_un_merging():
    programme()
    late, early, merged = two()
    client = a_caller()
    assert post(client, "points/purchases", sale(points=40)).status_code == 201
    assert left(early) == [(10, 0, 40)]
    unmerge_customers(merged, by="staff:1", at=AT)
    before = left(late, early)
    assert problem_of(post(client, "points/purchases", sale(points=40))) == (409, "purchase-differs")
    assert left(late, early) == before
    assert_proved()


@pytest.mark.django_db
def test_whoever_owes_under_one_number_spends_the_rest_under_the_other():
    late, early, _merged = two()
    award = Transfer.objects.get(customer_id=early, reason="award")
    move(Command.redemption(new_id(), early, 30), **NOW)
    move(Command.cancellation(new_id(), early, 50, lot=award.id), **NOW)
    assert (Balance.objects.get(pk=early).debt, left(late, early)) == (30, [(100, 0, 0), (0, 0, 30)])
    client = a_caller()
    assert client.get(f"/api/v1/points/members/{late}").json()["usable"] == 70
    assert problem_of(post(client, path(early, "redemptions"), {"points": 71})) == (409, "points-short")
    assert post(client, path(early, "redemptions"), {"points": 70}).json()["usable"] == 0
    assert_proved()


def reward(**more: object) -> Reward:
    told = {"name_zh": "茶", "name_en": "Tea", "points": 120, "stock_left": 5, "changed_at": AT, "changed_by": "test"}
    return Reward.objects.create(**{**told, **more})


def wish(who: UUID, what: Reward, key: UUID | None = None) -> dict:
    key = key or new_id()
    return {"redemption_id": key, "customer_id": who, "reward_id": what.pk, "tier": None, "at": AT, "on": ON}


@pytest.mark.django_db
def test_rewards_are_the_persons_whatever_number_asks_and_are_given_back_after_un_merging():
    programme()
    late, early, merged = two()
    what, key = reward(limit_each=1), new_id()
    for who in (early, late):
        taken = redeem_reward(**wish(who, what, key))
        assert (taken.customer_id, Reward.objects.get().stock_left) == (early, 4)
    assert left(late, early) == [(30, 0, 70), (0, 0, 50)]
    with pytest.raises(RewardRefusedError, match="limit"):
        redeem_reward(**wish(late, what))
    unmerge_customers(merged, by="staff:1", at=AT)
    for _time in range(2):
        assert give_back(customer_id=early, redemption_id=key, **NOW).state == "released"
    assert (left(late, early), Reward.objects.get().stock_left) == ([(100, 0, 0), (50, 0, 0)], 5)
    with pytest.raises(RewardRefusedError) as short:
        redeem_reward(**wish(early, what))
    assert (short.value.why, short.value.missing) == ("points", 70)
    assert_proved()


@pytest.mark.django_db
def test_a_reservation_is_completed_with_the_points_of_all_numbers_though_they_were_un_merged():
    late, early, merged = two()
    taken = reserve_reward(**wish(late, reward(cash_fen=900)))
    assert left(late, early) == [(30, 70, 0), (0, 50, 0)]
    unmerge_customers(merged, by="staff:1", at=AT)
    assert left(late, early) == [(30, 70, 0), (0, 50, 0)]
    for _time in range(2):
        assert complete_reservation(taken.code, paid_fen=900, **NOW).state == "used"
    assert left(late, early) == [(30, 0, 70), (0, 0, 50)]
    assert_proved()


@pytest.mark.django_db
def test_the_members_own_view_counts_every_number():
    programme()
    late, early, merged = two()
    for who in (late, early):
        view = member_view(who, on=ON)
        assert (view.usable, view.expiring) == (150, [(date(2046, 3, 1), 50), (date(2046, 6, 1), 100)])
    unmerge_customers(merged, by="staff:1", at=AT)
    assert [member_view(who, on=ON).usable for who in (late, early)] == [100, 50]


@pytest.mark.django_db
def test_gifts_draws_and_corrections_take_from_all_numbers_within_the_limits_of_the_person():
    late, early = with_points("C1", (GIFT_MOST_A_DAY, date(2046, 6, 1))), with_points("C2", (100, date(2046, 3, 1)))
    friend = with_points("C3")
    merge_customers(survivor=late, merged=early, by="staff:1", at=AT)
    with pytest.raises(NotSharedError, match="own"):
        give(new_id(), late, early, 1, **NOW)
    key = new_id()
    for _time in range(2):
        assert give(key, early, friend, 300, **NOW) == GIFT_MOST_A_DAY - 200
    assert left(late, early, friend) == [(GIFT_MOST_A_DAY - 200, 0, 0), (0, 0, 0), (300, 0, 0)]
    with pytest.raises(NotSharedError) as capped:
        give(new_id(), late, friend, GIFT_MOST_A_DAY - 200, **NOW)
    assert (capped.value.why, capped.value.usable) == ("cap", GIFT_MOST_A_DAY - 300)
    pool = new_id()
    share(early, pool, 500, at=AT, by="test")
    share(friend, pool, 10, at=AT, by="test")
    for _time in range(2):
        assert draw(key, friend, 400, **NOW) == 700
    with pytest.raises(NotSharedError) as drawn:
        draw(new_id(), friend, 101, **NOW)
    assert (drawn.value.why, drawn.value.usable) == ("short", 100)
    # Under either number the person may draw, from others alone.
    assert draw(new_id(), late, 10, **NOW) == GIFT_MOST_A_DAY - 590
    asked = ask_adjustment(request_id=new_id(), customer_id=early, points=-4_000, why="typo", at=AT, by="one")
    decide_adjustment(adjustment_id=asked.pk, is_approved=True, cost_fen=0, at=AT, on=ON, by="two")
    assert left(late, early)[0][0] == GIFT_MOST_A_DAY - 4_590
    more = ask_adjustment(request_id=new_id(), customer_id=early, points=-1_000, why="typo", at=AT, by="one")
    with pytest.raises(TooFewPointsError):
        decide_adjustment(adjustment_id=more.pk, is_approved=True, cost_fen=0, at=AT, on=ON, by="two")
    assert_proved()


def test_many_at_once_under_both_numbers_spend_exactly_what_there_is(fresh_database):
    late, early, _merged = two()
    token, start = made_key("points:write").token, Barrier(16)

    def till(number: int) -> int:
        try:
            start.wait(60)
            who, what = (late, early)[number % 2], ("redemptions", "holds")[number // 2 % 2]
            return post(caller(token), path(who, what), {"points": 20}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(till, range(16)))
    assert (answers.count(201), answers.count(409)) == (7, 9)
    assert sum(available for available, _held, _redeemed in left(late, early)) == 10
    assert_proved()


@pytest.mark.django_db
def test_a_number_of_another_member_is_refused_and_of_one_person_it_is_the_same_sale():
    programme()
    late, early = with_points("C1", (100, date(2046, 6, 1))), with_points("C2", (50, date(2046, 3, 1)))
    client = a_caller("points:write")
    sold = post(client, "points/purchases", sale(points=40)).json()
    before = left(late, early)
    for told in (sale(customer_number="C2"), sale(customer_number="C2", points=40)):
        assert problem_of(post(client, "points/purchases", told)) == (409, "purchase-elsewhere")
        assert left(late, early) == before
    merge_customers(survivor=early, merged=late, by="staff:1", at=AT)
    for points in (40, None):
        again = post(client, "points/purchases", sale(customer_number="C2", points=points))
        assert (again.status_code, again.json()["customer_id"]) == (200, str(late))
        assert (again.json()["earned"], again.json()["reasons"]) == (sold["earned"], sold["reasons"])
        assert left(late, early) == before
    assert_proved()


@pytest.mark.django_db
@pytest.mark.parametrize("measure", ["spend", "visits"])
def test_a_sale_earns_by_the_tier_of_all_numbers_and_after_un_merging_by_the_buyers_own(measure):
    content = standard_content()
    content["tiers"]["measure"] = measure
    if measure == "visits":
        for step, minimum in zip(content["tiers"]["steps"], (0, 2, 4, 9), strict=True):
            step["minimum_fen"] = minimum
    ProgrammeVersion.objects.create(content=content, changed_at=AT, changed_by="test")
    programme()
    one, other = member("C1"), member("C2")
    client = a_caller()
    tea = [{"item": "TEA", "description": "茶", "quantity": 1, "unit_price": "300.00"}]

    def sold(number: str, day: int) -> int:
        wish = sale(f"{number} {day}", customer_number=number, placed_at=f"2026-02-{day:02}T08:00:00+08:00", lines=tea)
        return post(client, "points/purchases", wish).json()["earned"]

    # Two days under each number: 600 yuan and two visits of one, 1,200 yuan and four visits of the person.
    assert [sold(number, day) for number, day in (("C1", 1), ("C2", 2), ("C1", 3), ("C2", 4))] == [400, 400, 300, 300]
    made = merge_customers(survivor=one, merged=other, by="staff:1", at=AT).pk
    assert [sold("C1", 5), sold("C2", 6)] == ([360, 360] if measure == "spend" else [450, 450])
    unmerge_customers(made, by="staff:1", at=AT)
    # 900 yuan in three visits are left to each: what they alone lead to.
    assert [sold("C1", 7), sold("C2", 8)] == ([300, 300] if measure == "spend" else [360, 360])
    assert_proved()


@pytest.mark.django_db
def test_a_sale_under_one_of_several_numbers_costs_a_few_statements_more_however_many_there_are(
    django_assert_max_num_queries,
):
    programme()
    numbers = [member(f"C{nth}") for nth in range(1, 5)]
    client = a_caller("points:write")
    assert post(client, "points/purchases", sale("warm")).status_code == 201
    for who in numbers[1:]:
        merge_customers(survivor=numbers[0], merged=who, by="staff:1", at=AT)
    # Beside the 14 of every sale: the person, their balances, what they bought, what they bought as tiers.
    with django_assert_max_num_queries(14 + 2 + 4):
        assert post(client, "points/purchases", sale("1")).status_code == 201


@pytest.mark.django_db
def test_the_first_purchase_is_the_persons_whatever_number_it_was_made_under():
    programme()
    one, other = member("C1"), member("C2")
    client = a_caller()
    assert post(client, "points/purchases", sale("1")).json()["earned"] == 200
    merge_customers(survivor=other, merged=one, by="staff:1", at=AT)
    assert post(client, "points/purchases", sale("2", customer_number="C2")).json()["earned"] == 100
    assert_proved()
