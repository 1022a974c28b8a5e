"""Points over HTTP: sold, set aside, redeemed, taken back; refused with the reason in the caller's language."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from shouyue.customers.duplicates.actions.merging import merge_customers, unmerge_customers
from shouyue.customers.public import Customer
from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.public import (
    Balance,
    Command,
    Transfer,
    enrol_members,
    expire_due,
    move,
    prove_balances,
)
from shouyue.membership.programme.public import publish_version
from shouyue.membership.rewards.public import Reward, redeem_reward
from shouyue.purchases.orders.models import Order
from shouyue.purchases.orders.rules.told import identities
from shouyue.rest.models import KeptCall, KeptChunk
from shouyue.rest.tests.callers import a_caller, caller, made_key, new_idempotency_key, post, problem_of

AT = datetime(2026, 1, 2, 4, 0, tzinfo=UTC)
TEA = {"item": "TEA", "description": "茶", "quantity": 2, "unit_price": "50.00"}


def programme() -> None:
    publish_version(starts_on=date(2026, 1, 1), at=AT, today=None, by="test")


def member(number: str = "C1", points: int = 0):
    who = UUID(identities("plain").customer(number))
    Customer.objects.create(id=who, kind="unknown", source="plain", source_key=number)
    enrol_members([who], at=AT)
    if points:
        days = (date(2026, 1, 2), date(2046, 1, 2))
        move(Command.award(who, who, points, cost_fen=points, days=days), at=AT, on=days[0], by="test")
    return who


def sale(number: str = "1", **more) -> dict:
    told = {"number": number, "customer_number": "C1", "placed_at": "2026-02-01T08:00:00+08:00", "lines": [TEA]}
    return {**told, **more}


def bulk(client, *sales: dict, under: str | None = None) -> list[dict]:
    headers = {"Idempotency-Key": under or new_idempotency_key()}
    body = b"\n".join(json.dumps(one).encode() for one in sales)
    path = "/api/v1/points/purchases/bulk"
    answer = client.post(path, body, content_type="application/x-ndjson", headers=headers)
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def assert_proved() -> None:
    assert prove_balances(at=AT, by="test").found == []


@pytest.mark.django_db
def test_a_sale_is_recorded_paid_in_part_and_earns_in_one_call():
    programme()
    who = member(points=3000)
    client = a_caller("points:write", "points:read")
    done = post(client, "points/purchases", sale(points=2500))
    told = done.json()
    assert (done.status_code, told["outcome"]) == (201, "created")
    # 100 yuan, of which 2,500 points pay 25; the first purchase of all gives 100 more.
    assert (told["earned"], told["spent"], told["usable"]) == (175, 2500, 675)
    assert [one["text"] for one in told["reasons"]] == [
        "75 points for CN¥75.00 by the rule “base”",
        "100 points: First purchase",
    ]
    assert client.get(f"/api/v1/points/members/{who}").json()["usable"] == 675
    again = post(client, "points/purchases", sale(points=2500))
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")
    assert {name: again.json()[name] for name in ("earned", "spent", "usable")} == {
        name: told[name] for name in ("earned", "spent", "usable")
    }
    assert problem_of(post(client, "points/purchases", sale(points=2400))) == (409, "purchase-differs")
    assert (Order.objects.count(), Balance.objects.get(pk=who).redeemed) == (1, 2500)
    assert_proved()


@pytest.mark.django_db
def test_goods_that_come_back_take_their_points_and_not_more_than_was_bought():
    programme()
    who = member()
    client = a_caller()
    assert post(client, "points/purchases", sale()).json()["earned"] == 200
    back = {**sale("R1"), "lines": [{**TEA, "quantity": 1}]}
    told = post(client, "points/returns", back)
    assert (told.status_code, told.json()["lost"], told.json()["usable"]) == (201, 50, 150)
    assert post(client, "points/returns", back).json()["outcome"] == "unchanged"
    over = post(client, "points/returns", sale("R2"))
    assert problem_of(over) == (422, "invalid")
    assert [(one["field"], one["code"]) for one in over.json()["errors"]] == [("body.lines", "more_than_bought")]
    assert over.json()["errors"][0]["message"].startswith("Pieces too many: 1.")
    assert Order.objects.count() == 2
    assert post(client, "points/returns", sale("R3", lines=[{**TEA, "quantity": 1}])).json()["lost"] == 150
    assert Balance.objects.get(pk=who).available == 0
    assert_proved()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"customer_number": "C9"}, "body.customer_number", "unknown_member"),
        ({"lines": [{**TEA, "unit_price": "-1.00"}]}, "body.lines.0.unit_price", "negative_amount"),
        ({"lines": [{**TEA, "quantity": -1}]}, "body.lines.0.quantity", "negative_amount"),
        ({"placed_at": (datetime.now(UTC) + timedelta(days=2)).isoformat()}, "body.placed_at", "future_date"),
        ({"currency": "USD"}, "body.currency", "foreign_currency"),
        ({"points": 10_001}, "body.points", "too_many_points"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_bad_input_is_refused_with_the_reason(more, field, code, language):
    programme()
    member(points=20_000)
    answer = post(caller(made_key().token, language), "points/purchases", sale(**more))
    assert problem_of(answer) == (422, "invalid")
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert error["message"].isascii() is (language == "en")
    assert not Order.objects.exists()
    assert Transfer.objects.count() == 1


@pytest.mark.django_db
def test_points_that_are_lacking_leave_no_trace():
    programme()
    who = member(points=10)
    answer = post(a_caller(), "points/purchases", sale(points=11))
    assert problem_of(answer) == (409, "points-short")
    assert answer.json()["detail"] == "Points that can be spent: 10."
    assert not Order.objects.exists()
    answer = post(caller(made_key().token, "zh-hans"), f"points/members/{who}/redemptions", {"points": 11})
    assert answer.json()["detail"] == "可用积分只有 10 分。"


@pytest.mark.django_db
def test_hold_capture_release_redeem_and_undo():
    who = member(points=100)
    client = a_caller("points:write", "points:read")
    path = f"points/members/{who}"
    held = post(client, f"{path}/holds", {"points": 80})
    assert (held.status_code, held.json()["usable"]) == (201, 20)
    hold = held.json()["id"]
    assert post(client, f"{path}/holds/{hold}/release", {"points": 10}).json()["usable"] == 30
    assert post(client, f"{path}/holds/{hold}/capture", {"points": 50}).json()["usable"] == 50
    assert problem_of(post(client, f"{path}/holds/{hold}/capture", {})) == (409, "hold-settled")
    spent = post(client, f"{path}/redemptions", {"points": 50}).json()
    assert spent["usable"] == 0
    for _time in range(2):
        undone = post(client, f"{path}/redemptions/{spent['id']}/reverse", {})
        assert (undone.status_code, undone.json()["usable"]) == (200, 50)
    assert problem_of(post(client, f"{path}/redemptions/{hold}/reverse", {})) == (404, "not-found")
    rows, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/{path}/transfers", {"limit": 2, "cursor": cursor}).json()
        rows += page["data"]
        cursor = page["next_cursor"]
    assert sum(row["points"] * ((row["credit"] == "available") - (row["debit"] == "available")) for row in rows) == 50
    assert len(rows) == Transfer.objects.filter(customer_id=who).count()
    assert_proved()


@pytest.mark.django_db
def test_a_hold_pays_for_the_sale_it_was_made_for():
    programme()
    who = member(points=2000)
    client = a_caller()
    hold = post(client, f"points/members/{who}/holds", {"points": 1500}).json()["id"]
    told = post(client, "points/purchases", sale(points=1000, hold_id=hold)).json()
    assert (told["earned"], told["spent"], told["usable"]) == (190, 1000, 1190)
    assert_proved()


@pytest.mark.django_db
def test_a_quote_says_what_a_purchase_would_earn_and_writes_nothing():
    programme()
    who = member()
    asked = {"customer_id": str(who), "amounts": ["12.50", "30.00"], "placed_at": "2026-02-01T00:00:00Z"}
    told = a_caller("points:read").get("/api/v1/points/quote", asked).json()
    assert (told["points"], told["worth"], told["currency"], told["tier"]) == (42, "0.4200", "CNY", "basic")
    assert told["reasons"][0]["text"] == "42 points for CN¥42.50 by the rule “base”"
    chinese = caller(made_key().token, "zh-hans").get("/api/v1/points/quote", asked).json()
    assert chinese["reasons"][0]["text"] == "按“base”规则，消费 ¥42.50 得 42 分"
    assert not Transfer.objects.exists()
    assert problem_of(a_caller("purchases:read").get("/api/v1/points/quote", asked)) == (403, "scope-missing")


@pytest.mark.django_db
def test_enrolling_says_who_is_new_and_refuses_a_stranger():
    who = Customer.objects.create(kind="unknown", source="plain", source_key="C1").pk
    client = a_caller()
    assert problem_of(client.get(f"/api/v1/points/members/{who}")) == (404, "not-found")
    body = {"customer_id": str(who), "joined_at": "2026-01-01T00:00:00Z"}
    assert [post(client, "points/members", body).status_code for _time in range(2)] == [201, 200]
    assert client.get(f"/api/v1/points/members/{who}").json()["usable"] == 0
    unknown = post(client, "points/members", {"customer_id": "00000000-0000-0000-0000-000000000001"})
    assert [one["field"] for one in unknown.json()["errors"]] == ["body.customer_id"]


@pytest.mark.django_db
def test_a_recorded_purchase_earns_at_once_when_asked():
    programme()
    member()
    client = a_caller()
    done = post(client, "purchases", sale()).json()
    path = f"points/members/{done['customer_id']}/purchases/{done['id']}/earn"
    for _time in range(2):
        assert post(client, path).json()["points"] == 200
    assert problem_of(post(client, path.replace(done["id"], done["customer_id"]))) == (404, "not-found")
    assert_proved()


@pytest.mark.django_db
def test_a_bulk_call_gives_every_line_its_outcome():
    programme()
    member("C1", points=100)
    member("C2")
    sales = [
        sale("1"),
        sale("2", customer_number="C2"),
        sale("3", points=101),
        sale("4", points=60, hold_id=None),
        sale("5", customer_number="C9"),
        sale("1"),
        sale("6", currency="USD"),
        sale("7", points=60),
        sale("2", customer_number="C2", lines=[{**TEA, "quantity": 3}]),
        {"number": "8"},
    ]
    client, name = a_caller(), new_idempotency_key()
    told = bulk(client, *sales, under=name)
    outcomes = [one["outcome"] for one in told]
    assert [outcome[0] for outcome in outcomes] == list("ccrcrurrrr")
    codes = [one["errors"][0]["code"] if "errors" in one else "" for one in told]
    assert codes == [
        "",
        "",
        "points_short",
        "",
        "unknown_member",
        "",
        "foreign_currency",
        "points_short",
        "differs",
        "missing",
    ]
    assert bulk(client, *sales, under=name) == told
    assert_proved()


@pytest.mark.django_db
def test_a_bulk_call_goes_on_behind_a_batch_of_another_size():
    """An earlier version kept shorter batches: their outcomes say how many lines they were."""
    programme()
    member()
    client, told = a_caller("points:write"), [sale(str(number)) for number in range(4)]
    first = bulk(client, *told, under="one-stream")
    [chunk] = KeptChunk.objects.all()
    KeptChunk.objects.filter(pk=chunk.pk).update(body=chunk.body.splitlines(keepends=True)[0])
    KeptCall.objects.update(status=None)
    again = bulk(client, *told, under="one-stream")
    assert [(one["line"], one["outcome"]) for one in again] == [
        (1, "created"),
        (2, "unchanged"),
        (3, "unchanged"),
        (4, "unchanged"),
    ]
    assert [one["id"] for one in again] == [one["id"] for one in first]
    assert bulk(client, *told, under="one-stream") == again
    assert_proved()


def test_sixty_four_at_once_share_the_last_points_over_http(fresh_database):
    who = member(points=100)
    token, start = made_key().token, Barrier(64)

    def redeem(number: int) -> tuple[int, str]:
        try:
            client, under = caller(token), f"redeem-{number % 32:04}"
            start.wait(60)
            answer = post(client, f"points/members/{who}/redemptions", {"points": 10}, under=under)
            return answer.status_code, under
        finally:
            connection.close()

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(redeem, range(64)))
    # Each of the 32 names was sent twice; ten of them found points, and their replays got the same answer.
    won = {under for status, under in answers if status == 201}
    assert len(won) == 10
    assert sorted(status for status, _under in answers) == [201] * 20 + [409] * 44
    assert Balance.objects.get(pk=who).redeemed == 100
    other = post(caller(token), f"points/members/{who}/redemptions", {"points": 9}, under=sorted(won)[0])
    assert problem_of(other) == (409, "key-reused")
    assert_proved()


@pytest.mark.django_db
def test_gifts_and_households_over_http_say_why_not():
    giver, taker = member("C1", points=6000), member("C2")
    client = a_caller()
    given = post(client, f"points/members/{giver}/gifts", {"to": str(taker), "points": 4000})
    assert (given.status_code, given.json()["usable"]) == (201, 2000)
    over = post(client, f"points/members/{giver}/gifts", {"to": str(taker), "points": 1001})
    assert (problem_of(over), over.json()["detail"]) == (
        (409, "points-short"),
        "Points that can still be given today: 1,000.",
    )
    own = post(caller(made_key().token, "zh-hans"), f"points/members/{giver}/gifts", {"to": str(giver), "points": 1})
    assert [one["message"] for one in own.json()["errors"]] == ["积分只能送给其他会员。"]
    consent = {"pool_id": str(UUID(int=7)), "cap_points": 500}
    for who in (giver, taker):
        assert post(client, f"points/members/{who}/pool", consent).status_code == 201
    assert post(client, f"points/members/{giver}/draws", {"points": 500}).json()["usable"] == 2500
    assert problem_of(post(client, f"points/members/{giver}/draws", {"points": 1})) == (409, "points-short")
    assert post(client, f"points/members/{taker}/pool/leave").json()["cap_points"] == 0
    assert problem_of(post(client, f"points/members/{taker}/draws", {"points": 1})) == (409, "not-shared")
    assert_proved()


@pytest.mark.django_db
def test_expired_points_come_back_through_the_api_within_the_window():
    who = member("C1")
    today = timezone.localdate()
    for days in (3, 60):
        last = today - timedelta(days=days)
        move(Command.award(new_id(), who, 10, cost_fen=1, days=(last, last)), at=AT, on=last, by="test")
        expire_due(on=last + timedelta(days=1), at=AT, by="test")
    late, early = Transfer.objects.filter(customer_id=who, reason="expiry").order_by("effective_on")
    client = a_caller()
    path = f"points/members/{who}/expiries"
    assert post(client, f"{path}/{early.id}/reinstate").json()["usable"] == 10
    assert problem_of(post(client, f"{path}/{late.id}/reinstate")) == (409, "too-late")
    assert problem_of(post(client, f"{path}/{who}/reinstate")) == (404, "not-found")
    assert_proved()


@pytest.mark.django_db
def test_a_merged_person_spends_under_any_number_and_un_merging_moves_nothing():
    one, other = member("C1", points=100), member("C2", points=50)
    client = a_caller()
    made = merge_customers(survivor=one, merged=other, by="staff:1", at=AT)
    for who in (one, other):
        assert client.get(f"/api/v1/points/members/{who}").json()["usable"] == 150
    spent = post(client, f"points/members/{other}/redemptions", {"points": 130}).json()
    assert spent["usable"] == 20
    assert problem_of(post(client, f"points/members/{one}/redemptions", {"points": 21})) == (409, "points-short")
    rows = client.get(f"/api/v1/points/members/{one}/transfers").json()["data"]
    assert sum(row["points"] for row in rows if row["reason"] == "redemption") == 130
    unmerge_customers(made.pk, by="staff:1", at=AT)
    assert {who: Balance.objects.get(pk=who).available for who in (one, other)} in (
        {one: 0, other: 20},
        {one: 20, other: 0},
    )
    merge_customers(survivor=other, merged=one, by="staff:1", at=AT)
    for _time in range(2):
        undone = post(client, f"points/members/{one}/redemptions/{spent['id']}/reverse")
        assert (undone.status_code, undone.json()["usable"]) == (200, 150)
    assert_proved()


@pytest.mark.django_db
def test_points_that_went_for_a_reward_on_the_phone_cannot_pay_at_the_till():
    programme()
    who = member(points=100)
    tea = Reward.objects.create(name_zh="茶", name_en="Tea", points=70, changed_at=AT, changed_by="test")
    wish = {"customer_id": who, "reward_id": tea.pk, "tier": None, "at": AT, "on": date(2026, 1, 2)}
    redeem_reward(redemption_id=new_id(), **wish)
    client = a_caller()
    assert client.get(f"/api/v1/points/members/{who}").json()["usable"] == 30
    assert problem_of(post(client, "points/purchases", sale(points=31))) == (409, "points-short")
    assert post(client, "points/purchases", sale(points=30)).json()["spent"] == 30
    assert_proved()
