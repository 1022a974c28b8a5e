"""Tiers that are sold, granted and ended: once for a key, with who and why, and taken back where that is allowed."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from tests.house.checks.pages import raw_components

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.passes.actions import (
    AlreadyBoughtError,
    PassOverError,
    end_pass,
    resume_pass,
    sell_tier,
)
from shouyue.membership.passes.rules.steps import offered_step
from shouyue.membership.tiers.models import TierPass
from shouyue.membership.tiers.queries.members import member_view
from shouyue.membership.tiers.queries.replay import tiers_of
from shouyue.membership.tiers.tests.ground import bought, member, published
from shouyue.store.members.sessions import start_session
from shouyue.store.models import Fact, Staff
from shouyue.web.format import day
from shouyue.web.portal import principal

pytestmark = pytest.mark.django_db


def desk(party: str = "a") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(Staff.objects.create_user(f"{party}@example.com", name="A", party=party))
    return client


def today():
    return timezone.localdate(clock.now())


def sold(who, *, tier: str = "gold", start: int = 0, days: int = 30, key=None) -> TierPass:
    first = today() + timedelta(days=start)
    return sell_tier(
        pass_id=key or new_id(),
        customer_id=who,
        tier=tier,
        days=(first, first + timedelta(days=days)),
        price_fen=29_900,
        at=clock.now(),
        by="staff:1",
    )


def tier(who, day) -> str | None:
    return tiers_of([who], on=day)[who]


def told(**more: str) -> dict[str, str]:
    plain = {"tier": "gold", "first": today().isoformat(), "months": "12", "price_yuan": "299", "why": "年度活动"}
    return {**plain, "key": str(new_id()), **more}


def test_a_pass_counts_from_its_first_day_until_it_is_ended_and_again_when_that_is_undone():
    published()
    who = member("A1")
    one = sold(who, start=-5)
    assert (tier(who, today()), member_view(who, on=today()).bought_until) == ("gold", one.last)
    for _time in range(2):
        end_pass(customer_id=who, pass_id=one.id, on=today(), why="退款", at=clock.now(), by="staff:1")
    yesterday = today() - timedelta(days=1)
    assert (tier(who, yesterday), tier(who, today())) == ("gold", "basic")
    assert member_view(who, on=today()).bought_until is None
    resume_pass(customer_id=who, pass_id=one.id, on=today(), at=clock.now(), by="staff:1")
    assert tier(who, today()) == "gold"
    payloads = Fact.objects.filter(kind="TierPassEnded").order_by("id").values_list("payload", flat=True)
    assert [payload["ended_on"] for payload in payloads] == [today().isoformat(), None]


def test_the_same_tier_is_not_sold_twice_for_the_same_days():
    published()
    who = member("A1")
    first = sold(who)
    with pytest.raises(AlreadyBoughtError) as refused:
        sold(who, start=10)
    assert refused.value.until == first.last
    sold(who, start=31)
    sold(who, tier="black", start=3)
    end_pass(customer_id=who, pass_id=first.id, on=today(), why="换", at=clock.now(), by="staff:1")
    sold(who, days=20)
    with pytest.raises(AlreadyBoughtError):
        resume_pass(customer_id=who, pass_id=first.id, on=today(), at=clock.now(), by="staff:1")
    assert TierPass.objects.count() == 4


def test_what_is_over_cannot_be_ended():
    published()
    one = sold(member("A1"), start=-50)
    with pytest.raises(PassOverError):
        end_pass(customer_id=one.customer_id, pass_id=one.id, on=today(), why="", at=clock.now(), by="staff:1")
    with pytest.raises(PassOverError):
        end_pass(customer_id=one.customer_id, pass_id=new_id(), on=today(), why="", at=clock.now(), by="staff:1")


def test_the_desk_sells_once_for_a_form_and_takes_it_back_with_one_click():
    published()
    who, client, sent = member("A1"), desk(), told()
    page = f"/membership/members/{who}/"
    for _time in range(2):
        assert client.post(f"{page}passes/new", sent).url == page
    [row] = TierPass.objects.all()
    assert (row.price_fen, row.why, row.last) == (
        29_900,
        "年度活动",
        row.first.replace(year=row.first.year + 1) - timedelta(days=1),
    )
    shown = client.get(page).content.decode()
    assert raw_components(shown) == []
    assert ("Gold" in shown, "CN¥299.00" in shown, "年度活动" in shown) == (True, True, True)
    [undo] = set(re.findall(r'action="(/undo/[^"]+)"', shown))
    said = client.post(undo, follow=True, headers={"referer": f"http://testserver{page}"}).content.decode()
    assert "Undone: the member does not have this tier." in said
    assert tier(who, today()) == "basic"


@pytest.mark.parametrize(
    ("own", "offered"),
    [(None, "gold"), ("basic", "gold"), ("silver", "gold"), ("gold", "black"), ("black", "black"), ("gone", "gold")],
)
def test_the_next_better_tier_with_a_price_is_offered(own, offered):
    prices = {"basic": None, "silver": None, "gold": 29_900, "black": 99_900}
    steps = [{"name": name, "minimum_fen": nth, "price_fen": price} for nth, (name, price) in enumerate(prices.items())]
    assert offered_step({"tiers": {"steps": steps[::-1]}}, own)["name"] == offered


def test_without_prices_the_next_tier_is_offered_and_nothing_where_there_is_but_one():
    steps = [{"name": name, "minimum_fen": nth} for nth, name in enumerate(("basic", "silver", "gold"))]
    assert [offered_step({"tiers": {"steps": steps}}, own)["name"] for own in ("basic", "silver")] == ["silver", "gold"]
    assert offered_step({"tiers": {"steps": steps[:1]}}, "basic") is None


def test_the_form_begins_with_a_tier_above_the_members_own():
    published()
    who, client = member("A1"), desk()
    bought(who, today() - timedelta(days=1), 6_000)  # gold
    page = client.get(f"/membership/members/{who}/passes/new").content.decode()
    assert re.findall(r'<option value="(\w+)" selected>', page) == ["black"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"first": "2020-01-01"}, "Days that have passed keep their tier."),
        ({"first": "soon"}, "Enter a valid date."),
        ({"price_yuan": "-1"}, "greater than or equal to 0"),
        ({"price_yuan": "1.234"}, "no more than 2 decimal places"),
        ({"months": "0"}, "greater than or equal to 1"),
        ({"why": ""}, "This field is required."),
        ({"tier": "basic"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_sold_comes_back_with_the_reason(changed, words):
    published()
    answer = desk().post(f"/membership/members/{member('A1')}/passes/new", told(**changed))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not TierPass.objects.exists()


def test_a_pass_is_granted_for_nothing_and_ended_with_a_reason():
    published()
    who, client = member("A1"), desk()
    client.post(f"/membership/members/{who}/passes/new", told(price_yuan="0", why="投诉补偿"))
    [row] = TierPass.objects.all()
    again = client.post(f"/membership/members/{who}/passes/new", told())
    assert (again.status_code, "The member has this tier until" in again.content.decode()) == (409, True)
    address = f"/membership/members/{who}/passes/{row.id}/end"
    assert client.post(address, {"why": ""}).status_code == 422
    assert client.post(address, {"why": "改为售出"}).url == f"/membership/members/{who}/"
    shown = client.get(f"/membership/members/{who}/").content.decode()
    assert ("granted" in shown, "改为售出" in shown) == (True, True)
    row.refresh_from_db()
    assert (row.ended_on, row.ended_why) == (today(), "改为售出")


def test_an_auditor_sells_nothing_and_strangers_have_no_passes():
    published()
    who, client = member("A1"), desk("auditor")
    assert client.post(f"/membership/members/{who}/passes/new", told()).status_code == 403
    one = sold(who)
    assert client.post(f"/membership/members/{who}/passes/{one.id}/end", {"why": "x"}).status_code == 403
    staff = desk()
    assert staff.post(f"/membership/members/{new_id()}/passes/new", told()).status_code == 404
    assert staff.get(f"/membership/members/{who}/passes/{new_id()}/end").status_code == 404


def test_the_member_sees_on_the_phone_until_when_the_tier_is_bought():
    published()
    who = member("A1")
    one = sold(who)
    phone = Client(headers={"accept-language": "en"})
    session = start_session(who, at=clock.now())
    phone.cookies[principal.SESSION_COOKIE] = signing.Signer(salt="member session").sign(str(session.pk))
    for path in ("/m/", "/m/points/"):
        page = phone.get(path).content.decode()
        assert (f"Gold bought until {day(one.last, language='en')}" in page, "Free delivery" in page) == (
            True,
            path == "/m/points/",
        )
    end_pass(customer_id=who, pass_id=one.id, on=today(), why="退款", at=clock.now(), by="staff:1")
    assert "bought until" not in phone.get("/m/").content.decode()
