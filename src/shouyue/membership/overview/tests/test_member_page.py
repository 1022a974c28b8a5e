"""A member at the desk: standing, benefits used, points corrected by two people, reasons of every movement."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.house.checks.pages import raw_components

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.adjusting.models import Adjustment
from shouyue.membership.ledger.public import Balance
from shouyue.membership.tiers.models import BenefitUse
from shouyue.membership.tiers.tests.ground import bought, member, published
from shouyue.membership.tills.public import earn_from_batches
from shouyue.purchases.models import Order
from shouyue.store.models import Staff


def desk(number: int, party: str = "a") -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(Staff.objects.create_user(f"{number}@example.org", name="林", party=party))
    return client


def sell(who, day: date, yuan: int, key: str = "") -> None:
    order = bought(who, day, yuan, key=key)
    Order.objects.filter(id=order.id).update(batch_id=(batch := new_id()))
    earn_from_batches([batch], at=clock.now(), by="test")


def gold():
    published()
    who, today = member("A1"), timezone.localdate(clock.now())
    sell(who, today - timedelta(days=2), 6_000)
    sell(who, today - timedelta(days=1), 100, "later")
    return who


@pytest.mark.django_db
def test_the_page_tells_tier_benefits_and_why_each_point_was_given():
    who = gold()
    page = desk(1).get(f"/membership/members/{who}/").content.decode()
    assert raw_components(page) == []
    assert "金卡" in page
    assert "“金卡”等级积分为 1.5 倍，加 50 分" in page
    assert "免费配送" in page


@pytest.mark.django_db
def test_a_benefit_is_recorded_where_it_is_used_once_for_each_form():
    who, client, key = gold(), desk(1), new_id()
    for _time in range(2):
        sent = {"benefit": "free_delivery", "key": key}
        assert client.post(f"/membership/members/{who}/use", sent).url == f"/membership/members/{who}/"
    assert [use.benefit for use in BenefitUse.objects.all()] == ["free_delivery"]
    assert "剩 11 次" in client.get(f"/membership/members/{who}/").content.decode()
    client.post(f"/membership/members/{who}/use", {"benefit": "parking", "key": new_id()})
    assert BenefitUse.objects.count() == 1
    assert client.post(f"/membership/members/{who}/use", {"benefit": "x", "key": "no key"}).status_code == 404


@pytest.mark.django_db
def test_a_correction_needs_two_people():
    who = gold()
    before = Balance.objects.get(customer_id=who).available
    one, other, auditor = desk(1), desk(2), desk(3, "auditor")
    asked = {"points": "300", "why": "活动漏发", "key": str(new_id())}
    assert one.post(f"/membership/members/{who}/adjust", {**asked, "points": "0"}).status_code == 422
    for _time in range(2):
        assert one.post(f"/membership/members/{who}/adjust", asked).url == "/membership/points/adjustments/"
    [row] = Adjustment.objects.all()
    decide = f"/membership/points/adjustments/{row.pk}/"
    one.post(decide, {"approve": "yes"})
    assert auditor.post(decide, {"approve": "yes"}).status_code == 403
    assert Balance.objects.get(customer_id=who).available == before
    assert "活动漏发" in other.get("/membership/points/adjustments/").content.decode()
    other.post(decide, {"approve": "yes"})
    assert Balance.objects.get(customer_id=who).available == before + 300
    assert "已批准" in one.get("/membership/points/adjustments/").content.decode()


@pytest.mark.django_db
def test_the_page_asks_as_much_for_thirty_movements_as_for_one():
    published()
    who, client, today = member("A1"), desk(1), timezone.localdate(clock.now())
    counts = []
    for more in (1, 29):
        for number in range(more):
            sell(who, today - timedelta(days=1), 10, f"{more} {number}")
        client.get(f"/membership/members/{who}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/membership/members/{who}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
