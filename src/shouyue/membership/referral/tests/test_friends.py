"""Friends on records: guards, waiting, rewards pending, returned goods, speed, and the pages."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client

from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.customers.people.public import Known, record_people
from shouyue.kernel import clock
from shouyue.kernel.ids import keyed_id, new_id
from shouyue.membership.ledger.public import Balance, Transfer
from shouyue.membership.programme.models import ProgrammeVersion
from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.referral.actions.deciding import decide_referral
from shouyue.membership.referral.actions.joining import join_programme, referral_code
from shouyue.membership.referral.actions.rewarding import reward_purchases
from shouyue.membership.referral.models import Referral, ReferralReward
from shouyue.membership.referral.queries import brought_by, waiting_referrals
from shouyue.membership.tiers.tests.ground import bought, customer, member, noon, published
from shouyue.purchases.models import Order, ReturnLink
from shouyue.store.digests import keep_identities
from shouyue.store.members.sessions import start_session
from shouyue.store.models import IdentityKind, Staff
from shouyue.web.portal import principal

ON = date(2026, 8, 29)


def joins(who: UUID, code: str, *, device: str = "", on: date = ON) -> bool:
    return join_programme(customer_id=who, code=code, device=device, at=noon(on), on=on)


def shop(who: UUID, day: date, yuan: int = 200, key: str = "") -> Order:
    """An order that a batch brought, and what it means for referrals."""
    order = bought(who, day, yuan, key=key)
    Order.objects.filter(customer_id=who, id=order.id).update(batch_id=(batch := new_id()))
    reward_purchases([batch], at=noon(day), by="test")
    return order


def points(who: UUID) -> tuple[int, int]:
    row = Balance.objects.get(customer_id=who)
    return row.pending, row.available


def pair() -> tuple[UUID, UUID, str]:
    published()
    one, other = member("A1"), customer("B1", seen_on=ON)
    return one, other, referral_code(one, device="phone-1", at=noon(ON))


@pytest.mark.django_db
def test_both_get_points_for_the_first_purchase_and_wait_until_nothing_can_be_returned():
    one, other, code = pair()
    assert [joins(other, code, device="phone-2") for _time in range(2)] == [True, False]
    assert Referral.objects.get().state == "counted"
    assert points(one) == (0, 0)
    shop(other, ON)
    shop(other, ON + timedelta(days=1), key="again")
    assert (points(one), points(other)) == ((200, 0), (200, 0))
    [transfer] = Transfer.objects.filter(customer_id=one)
    assert (transfer.reason, transfer.effective_on) == ("award", ON)
    assert {row.pays_on for row in ReferralReward.objects.all()} == {ON + timedelta(days=14)}
    assert (brought_by(one).friends, brought_by(one).points) == (1, 200)


@pytest.mark.django_db
def test_what_is_returned_before_takes_the_reward_back_and_the_next_purchase_earns_it():
    one, other, code = pair()
    joins(other, code)
    order = shop(other, ON)
    back = bought(other, ON + timedelta(days=3), -200)
    ReturnLink.objects.create(
        customer_id=other,
        id=keyed_id(back.id, "link"),
        return_line_id=keyed_id(back.id, "1"),
        sale_line_id=keyed_id(order.id, "1"),
        quantity=1,
    )
    Order.objects.filter(id=back.id).update(batch_id=(batch := new_id()))
    for _time in range(2):
        reward_purchases([batch], at=noon(ON + timedelta(days=3)), by="test")
    assert (points(one), points(other)) == ((0, 0), (0, 0))
    shop(other, ON + timedelta(days=5), key="later")
    assert (points(one), points(other)) == ((200, 0), (200, 0))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("event", "rewarded", "given"),
    [
        ("register", "both", (200, 200)),
        ("register", "referrer", (200, 0)),
        ("first_purchase", "referred", (0, 200)),
        ("every_purchase", "referrer", (400, 0)),
        ("every_purchase", "both", (400, 400)),
    ],
)
def test_events_and_sides(event, rewarded, given):
    content = standard_content()
    content["referral"] |= {"event": event, "rewarded": rewarded}
    ProgrammeVersion.objects.create(content=content, changed_at=noon(ON), changed_by="test")
    one, other, code = pair()
    joins(other, code)
    for key in ("1", "2"):
        shop(other, ON, key=key)
    assert (points(one)[0], points(other)[0]) == given


@pytest.mark.django_db
def test_guards_refuse_the_same_phone_and_who_bought_before():
    one, other, code = pair()
    joins(other, code, device="phone-1")
    known = customer("B2")
    bought(known, ON - timedelta(days=9), 10)
    joins(known, code)
    told = {row.customer_id: (row.state, row.guards) for row in Referral.objects.all()}
    assert told == {other: ("refused", ["device"]), known: ("refused", ["not_new"])}
    shop(other, ON)
    assert points(one) == (0, 0)


@pytest.mark.django_db
def test_a_shared_address_or_card_is_looked_at_and_what_was_missed_is_given():
    one, other, code = pair()
    home = Known(name="张三", address="苏州市 园区 1 号")
    record_people({one: home, other: Known(name="李四", address="苏州市园区1号")}, at=noon(ON))
    keep_identities([(one, IdentityKind.CARD, "4111111111111111"), (other, IdentityKind.CARD, "4111 1111 1111 1111")])
    joins(other, code)
    [waiting] = waiting_referrals()
    assert waiting.guards == ["address", "payment"]
    shop(other, ON)
    assert points(one) == (0, 0)
    for _time in range(2):
        decide_referral(other, counts=True, at=noon(ON), by="staff:1")
    assert (points(one), points(other)) == ((200, 0), (200, 0))


@pytest.mark.django_db
def test_too_many_in_a_short_time_are_looked_at():
    published()
    one = member("A1")
    code = referral_code(one, at=noon(ON))
    for number in range(11):
        joins(customer(f"B{number}", seen_on=ON), code)
    assert [row.guards for row in waiting_referrals()] == [["velocity"]]


@pytest.mark.django_db
def test_nobody_brings_themselves_under_another_number_and_the_alarm_counts_the_person():
    one, other, code = pair()
    merge_customers(survivor=one, merged=other, by="test", at=noon(ON))
    joins(other, code)
    assert Referral.objects.get().guards == ["self"]
    shop(other, ON)
    assert (points(one), points(other)) == ((0, 0), (0, 0))
    second = referral_code(other, at=noon(ON))
    for number in range(10):
        joins(customer(f"C{number}", seen_on=ON), (code, second)[number % 2])
    assert [row.guards for row in waiting_referrals()] == [["velocity"]]
    # A number of somebody who bought under another one is not new.
    known, fresh = customer("D1"), customer("D2", seen_on=ON)
    bought(known, ON - timedelta(days=9), 10)
    merge_customers(survivor=known, merged=fresh, by="test", at=noon(ON))
    joins(fresh, code)
    assert Referral.objects.get(customer_id=fresh).state == "refused"


def desk(party: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(Staff.objects.create_user(f"{party}{language}@example.com", name="A", party=party))
    return client


@pytest.mark.django_db
def test_the_desk_shows_who_waits_and_why_and_decides_once():
    one, other, code = pair()
    third = customer("B2", seen_on=ON)
    keep_identities([(who, IdentityKind.CARD, "4111111111111111") for who in (one, other, third)])
    for who in (other, third):
        joins(who, code)
        shop(who, ON)
    staff, address = desk("a"), f"/membership/referrals/{other}/"
    page = staff.get("/membership/").content.decode()
    assert ("Referrals to look at" in page, page.count("the same card")) == (True, 2)
    assert desk("b", "zh-hans").get("/membership/").content.decode().count("同一张卡") == 2
    assert desk("auditor").post(address, {"counts": "yes"}).status_code == 403
    assert staff.post(address).status_code == 400
    assert staff.post(f"/membership/referrals/{new_id()}/", {"counts": "yes"}).status_code == 404
    assert points(other) == (0, 0)
    for counts in ("yes", "no"):
        assert staff.post(address, {"counts": counts}).url == "/membership/"
    staff.post(f"/membership/referrals/{third}/", {"counts": "no"})
    states = dict(Referral.objects.values_list("customer_id", "state"))
    assert states == {other: "counted", third: "refused"}
    assert (points(one), points(other), points(third)) == ((200, 0), (200, 0), (0, 0))
    assert "Referrals to look at" not in staff.get("/membership/").content.decode()


@pytest.mark.django_db
def test_a_friend_comes_by_the_link_and_joins_on_the_phone():
    one, _other, code = pair()
    friend = customer("B9", seen_on=ON)
    phone = Client()
    page = phone.get(f"/m/invited/{code}", headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "200" in page.content.decode()
    session = start_session(friend, at=clock.now())
    phone.cookies[principal.SESSION_COOKIE] = principal.signing.Signer(salt="member session").sign(str(session.pk))
    home = phone.get("/m/").content.decode()
    assert "/m/join" in home
    assert phone.post("/m/join", {"agreed": "on"}).url == "/m/"
    assert Referral.objects.get(customer_id=friend).referrer_id == one
    assert "/m/join" not in phone.get("/m/").content.decode()
    # Whoever is a member, under whatever number, is not asked to become one.
    merge_customers(survivor=customer("C9"), merged=friend, by="test", at=clock.now())
    other = start_session(customer("C9"), at=clock.now())
    phone.cookies[principal.SESSION_COOKIE] = principal.signing.Signer(salt="member session").sign(str(other.pk))
    assert "/m/join" not in phone.get("/m/").content.decode() + phone.get(f"/m/invited/{code}").content.decode()
    assert phone.get("/m/join").url == "/m/points/"
    assert Client().get("/m/invited/NOBO-DYHA-SIT9").status_code == 404
