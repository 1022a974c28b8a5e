"""Households at the desk: consent with a cap, drawing, the end of it; bad input comes back in place."""

from datetime import date, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.house.checks.pages import raw_components

from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.ledger.public import Command, move, standings
from shouyue.membership.sharing.actions import draw, share, stop_sharing
from shouyue.membership.sharing.models import PoolMember
from shouyue.membership.tiers.tests.ground import customer, member
from shouyue.store.models import Staff

pytestmark = pytest.mark.django_db


def desk(party: str = "a") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(Staff.objects.create_user(f"{party}@example.com", name="A", party=party))
    return client


def rich(number: str, points: int) -> UUID:
    who, today = member(number), timezone.localdate(clock.now())
    move(Command.award(new_id(), who, points, cost_fen=points, days=(today, None)), at=clock.now(), on=today, by="test")
    return who


def usable(who: UUID) -> int:
    today: date = timezone.localdate(clock.now())
    return standings([who], on=today)[who].usable


def test_a_household_is_begun_joined_drawn_on_and_left():
    one, other, client = rich("A1", 500), member("A2"), desk()
    address = "/membership/members/{}/household"
    begun = client.post(address.format(one), {"wish": "share", "cap_points": 300, "number": "", "agreed": "on"})
    assert begun.status_code == 302
    joined = {"wish": "share", "cap_points": 100, "number": "a1", "agreed": "on"}
    assert client.post(address.format(other), joined).status_code == 302
    assert len(set(PoolMember.objects.values_list("pool_id", flat=True))) == 1
    page = client.get(address.format(other)).content.decode()
    assert raw_components(page) == []
    assert "Up to 300 points this month" in page
    wish = {"wish": "draw", "points": 200, "key": new_id()}
    for _time in range(2):
        assert client.post(address.format(other), wish).status_code == 302
    assert (usable(one), usable(other)) == (300, 200)
    short = client.post(address.format(other), {**wish, "key": new_id()})
    assert (short.status_code, "Points that can be had: 100." in short.content.decode()) == (422, True)
    # Another cap keeps the household.
    client.post(address.format(one), {"wish": "share", "cap_points": 900, "agreed": "on"})
    assert sorted(PoolMember.objects.values_list("cap_points", flat=True)) == [100, 900]
    client.post(address.format(one), {"wish": "stop"})
    assert list(PoolMember.objects.values_list("customer_id", flat=True)) == [other]


def test_without_consent_or_with_a_number_nobody_has_nothing_is_shared():
    who, client = rich("A1", 10), desk()
    address = f"/membership/members/{who}/household"
    told = {"wish": "share", "cap_points": 300, "number": ""}
    assert client.post(address, told).status_code == 422
    unknown = client.post(address, {**told, "number": "B7", "agreed": "on"})
    assert (unknown.status_code, "Nobody with this number shares points" in unknown.content.decode()) == (422, True)
    assert PoolMember.objects.count() == 0
    assert client.get(f"/membership/members/{customer('B1')}/household").status_code == 404
    assert desk("auditor").post(address, {**told, "agreed": "on"}).status_code == 403


def test_what_can_be_drawn_counts_no_number_of_the_person_and_every_other_person_once():
    at, today, pool, client = clock.now(), timezone.localdate(clock.now()), new_id(), desk()
    one, mine, other, theirs = (rich(f"A{nth}", 100 * nth) for nth in range(1, 5))
    share(mine, pool, 150, at=at, by="test")
    share(other, pool, 50, at=at, by="test")
    share(theirs, pool, 350, at=at, by="test")
    merge_customers(survivor=one, merged=mine, by="test", at=at)
    merge_customers(survivor=other, merged=theirs, by="test", at=at)
    # 700 points of the other person, who lets the household draw 350 a month at most; under any number of one's own.
    for who in (one, mine):
        page = client.get(f"/membership/members/{who}/household").content.decode()
        assert "Up to 350 points this month" in page
    draw(new_id(), one, 340, on=today, at=at, by="test")
    assert "Up to 10 points this month" in client.get(f"/membership/members/{mine}/household").content.decode()
    # The cap and its end are the person's, under whichever number they are noted.
    share(other, pool, 345, at=at, by="test")
    assert {row.pk: row.cap_points for row in PoolMember.objects.all()} == {mine: 150, other: 345, theirs: 345}
    told = {"wish": "share", "cap_points": 20, "number": "", "agreed": "on"}
    assert client.post(f"/membership/members/{one}/household", told).status_code == 302
    assert PoolMember.objects.get(pk=mine).cap_points == 20
    assert stop_sharing(other, at=at, by="test")
    assert [row.pk for row in PoolMember.objects.all()] == [mine]


def test_a_number_that_is_no_member_leads_to_the_number_of_the_person_that_is():
    at, client = clock.now(), desk()
    one, other = rich("A1", 100), customer("B1")
    address = "/membership/members/{}/household"
    merge_customers(survivor=other, merged=one, by="test", at=at)
    assert client.get(address.format(other)).url == address.format(one)
    told = {"wish": "share", "cap_points": 300, "number": "", "agreed": "on"}
    assert client.post(address.format(other), told, follow=True).status_code == 200
    assert [row.pk for row in PoolMember.objects.all()] == [one]
    assert client.get(address.format(new_id())).status_code == 404


def test_the_list_costs_as_many_queries_for_many_households_as_for_one():
    client, at = desk(), datetime.now(tz=timezone.get_current_timezone())
    counts = []
    for start in (0, 1):
        for number in range(start, start * 10 + 1):
            share(rich(f"H{number}", 10), new_id(), 50, at=at, by="test")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get("/membership/households/").content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert raw_components(page) == []
    assert all(f"H{number}" in page for number in range(11))
