"""Campaigns: more points for some days, never for who is held out, until the budget is used up."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.public import Balance
from shouyue.membership.programme.actions.budgets import close_used_up
from shouyue.membership.programme.actions.versions import keep_campaign, publish_version
from shouyue.membership.programme.models import Award, Closing
from shouyue.membership.programme.rules.content import earn_of, faults, with_campaign, without_campaign
from shouyue.membership.programme.rules.earning import Event, Line, Occasion, Source, quote
from shouyue.membership.programme.rules.holdout import CAMPAIGNS, is_held_out
from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.tiers.tests.ground import bought, member, noon
from shouyue.membership.tills.public import earn_from_batches
from shouyue.purchases.models import Order
from shouyue.store.models import Fact, Staff

ON = date(2026, 8, 29)


def campaign(**more: object) -> dict[str, object]:
    plain = {"key": "may", "zh": "双倍积分", "en": "Double points", "factor": "2", "items": ["BB-*"], "categories": []}
    days = {"first": ON.isoformat(), "last": (ON + timedelta(days=9)).isoformat()}
    return {**plain, **days, "channels": [], "tiers": [], "cap": None, "budget": None, **more}


def points(content: object, who: UUID | None, item: str = "BB-1", day: date = ON) -> int:
    event = Event(Occasion.PURCHASE, day, (Line(item, 10_000),), who=who)
    return quote(earn_of(content), event).points


@given(st.uuids())
def test_who_is_held_out_gets_what_the_rules_give_and_no_campaign(who):
    content = with_campaign(standard_content(), campaign())
    assert points(content, who) == (100 if is_held_out(CAMPAIGNS, who, 0.1) else 200)
    assert points(content, who, item="KT-1") == points(content, who, day=ON - timedelta(days=1)) == 100


def test_a_campaign_is_added_changed_and_taken_out():
    content = standard_content()
    added = with_campaign(content, campaign())
    assert with_campaign(added, campaign(factor="3"))["campaigns"] == [campaign(factor="3")]
    assert without_campaign(added, "may") == content
    assert faults(with_campaign(content, campaign(tiers=["platinum"]))) == ["campaign_of_no_tier"]
    assert earn_of(added, {"may": ON}).multipliers[0].last == ON
    assert earn_of(added).multipliers[0].factor == Decimal(2)


def sell(who: UUID, day: date, yuan: int) -> None:
    order = bought(who, day, yuan, item="BB-1")
    Order.objects.filter(id=order.id).update(batch_id=(batch := new_id()))
    earn_from_batches([batch], at=noon(day), by="test")


@pytest.mark.django_db
def test_the_day_on_which_a_budget_is_used_up_is_the_last_and_what_was_given_stands():
    keep_campaign(campaign(budget=150), at=noon(ON), by="staff:1")
    publish_version(starts_on=ON, at=noon(ON), today=ON, by="staff:1")
    one, *_more = [who for number in range(9) if not is_held_out(CAMPAIGNS, who := member(f"A{number}"), 0.1)]
    bought(one, ON - timedelta(days=30), 1)  # so that none of these is a first purchase
    sell(one, ON, 100)
    assert close_used_up(on=ON, at=noon(ON), by="test") == []
    sell(one, ON + timedelta(days=1), 100)
    for day in (1, 2):
        close_used_up(on=ON + timedelta(days=day), at=noon(ON + timedelta(days=day)), by="test")
    sell(one, ON + timedelta(days=2), 100)
    told = [[part[:3] for part in row.parts] for row in Award.objects.filter(customer_id=one).order_by("on")]
    double = [["base", "base", "100"], [Source.CAMPAIGN, "may", "100"]]
    assert told == [double, double, [["base", "base", "100"]]]
    assert Balance.objects.get(customer_id=one).available == 500
    closing = Closing.objects.get()
    assert (closing.key, closing.last_on, closing.used) == ("may", ON + timedelta(days=1), 200)
    assert Fact.objects.filter(kind="BudgetUsedUp").count() == 1


@pytest.mark.django_db
def test_a_budget_that_is_used_up_in_the_middle_of_a_batch_serves_its_day_and_returns_find_what_was_given():
    keep_campaign(campaign(budget=150), at=noon(ON), by="staff:1")
    publish_version(starts_on=ON, at=noon(ON), today=ON, by="staff:1")
    who, *_more = [who for number in range(9) if not is_held_out(CAMPAIGNS, who := member(f"A{number}"), 0.1)]
    bought(who, ON - timedelta(days=30), 1)
    batch = new_id()
    orders = [bought(who, ON, 100, item="BB-1", key=str(number)) for number in range(3)]
    orders.append(bought(who, ON + timedelta(days=1), 100, item="BB-1"))
    Order.objects.filter(id__in=[one.id for one in orders[:3]]).update(batch_id=batch)
    earn_from_batches([batch], at=noon(ON), by="test")
    [closing] = close_used_up(on=ON, at=noon(ON), by="test")
    assert (closing.last_on, closing.used) == (ON, 300)
    late = bought(who, ON, 100, item="BB-1", key="told late")
    Order.objects.filter(id__in=[orders[3].id, late.id]).update(batch_id=(batch := new_id()))
    earn_from_batches([batch], at=noon(ON + timedelta(days=1)), by="test")
    told = Award.objects.filter(customer_id=who).order_by("on", "points").values_list("on", "points")
    assert list(told) == [(ON, 200)] * 4 + [(ON + timedelta(days=1), 100)]
    assert Balance.objects.get(customer_id=who).available == 900
    # Taken back: what was given, though the campaign is closed by now.
    Order.objects.filter(id__in=[orders[0].id, orders[3].id]).update(status="cancelled", batch_id=(batch := new_id()))
    earn_from_batches([batch], at=noon(ON + timedelta(days=1)), by="test")
    assert Balance.objects.get(customer_id=who).available == 600


@pytest.mark.django_db
def test_staff_write_a_campaign_and_read_it_as_a_sentence(client):
    client.force_login(Staff.objects.create_user("a@example.org", name="林", party="a"))
    sent = {"zh": "五月母婴", "en": "May", "factor": "2", "items": "BB-*", "first": "2026-05-01", "last": "2026-05-31"}
    refused = client.post("/membership/campaigns/new", {**sent, "last": "2026-04-01"})
    assert refused.status_code == 422
    assert client.post("/membership/campaigns/new", {**sent, "budget": "50000"}).url == "/membership/rules/"
    page = client.get("/membership/rules/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "五月母婴：BB-* 积分 × 2，2026年5月1日至2026年5月31日有效，总共最多 50,000 积分。" in page
