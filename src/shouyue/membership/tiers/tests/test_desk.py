"""Tiers at the desk: rules, members of each, who will fall, one member replayed; expired points given back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.house.checks.pages import raw_components

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.public import Command, expire_due, move, standings
from shouyue.membership.tiers.actions.reviewing import review_tiers
from shouyue.membership.tiers.models import TierStanding
from shouyue.membership.tiers.tests.ground import bought, member, published
from shouyue.store.models import Staff

pytestmark = pytest.mark.django_db


def desk(party: str = "a") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(Staff.objects.create_user(f"{party}@example.com", name="A", party=party))
    return client


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    page = answer.content.decode()
    assert (answer.status_code, raw_components(page)) == (200, [])
    return page


def test_the_desk_shows_rules_members_of_a_tier_and_who_will_fall():
    published()
    today = timezone.localdate(clock.now())
    gold, basic = member("N-gold"), member("N-basic")  # no token of a form can hold a dash
    bought(gold, today - timedelta(days=1), 6_000)
    review_tiers([gold, basic], on=today, at=clock.now(), by="test")
    TierStanding.objects.filter(customer_id=gold).update(warned_for=today + timedelta(days=9), projected="silver")
    client = desk()
    page = read(client, "/membership/tiers/")
    assert "Who misses the minimum falls one tier." in page
    assert "reviewed after 30 days of grace" in page
    assert ("N-gold" in page, "N-basic" in page, "Silver" in page) == (True, False, True)
    assert (
        "N-gold" in read(client, "/membership/tiers/gold/"),
        "N-gold" in read(client, "/membership/tiers/basic/"),
    ) == (
        True,
        False,
    )
    assert client.get("/membership/tiers/copper/").status_code == 404
    assert "/membership/tiers/" in read(client, "/membership/")


def test_a_member_is_replayed_to_any_past_day():
    published()
    today = timezone.localdate(clock.now())
    joined = today - timedelta(days=100)
    who = member("A1", joined_on=joined)
    bought(who, today - timedelta(days=2), 6_000)
    client = desk()
    page = read(client, f"/membership/members/{who}/tier")
    assert "Gold" in page
    assert "CN¥6,000.00" in page
    day = today - timedelta(days=3)
    assert ": Basic" in read(client, f"/membership/members/{who}/tier?day={day.isoformat()}")
    assert ": Gold" in read(client, f"/membership/members/{who}/tier?day={today.isoformat()}")
    assert client.get(f"/membership/members/{who}/tier?day=never").status_code == 422
    assert client.get(f"/membership/members/{new_id()}/tier").status_code == 404


def test_points_that_expired_lately_are_given_back_once_from_the_page_of_the_member():
    published()
    today, at = timezone.localdate(clock.now()), clock.now()
    who, last = member("A1"), today - timedelta(days=1)
    move(Command.award(new_id(), who, 70, cost_fen=70, days=(last, last)), at=at, on=last, by="test")
    expire_due(on=today, at=at, by="test")
    client = desk()
    page = read(client, f"/membership/members/{who}/")
    assert "Expired lately" in page
    [address] = {part.split('"')[0] for part in page.split('action="')[1:] if "/expired/" in part.split('"')[0]}
    assert desk("auditor").post(address).status_code == 403
    assert "70 points are back" in client.post(address, follow=True).content.decode()
    client.post(address)
    assert standings([who], on=today)[who].usable == 70
    assert "Expired lately" not in read(client, f"/membership/members/{who}/")
    assert client.post(f"/membership/members/{who}/expired/{new_id()}").status_code == 404
