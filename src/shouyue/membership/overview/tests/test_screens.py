"""The member's screens: a tier about to be lost is told under any number; bad input comes back with its reason."""

from datetime import date, timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from shouyue.customers.duplicates.actions.merging import merge_customers
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.adjusting.models import Adjustment
from shouyue.membership.programme.models import ProgrammeVersion
from shouyue.membership.programme.rules.standard import standard_content
from shouyue.membership.sharing.public import share
from shouyue.membership.tiers.public import TierPass, review_tiers
from shouyue.membership.tiers.rules.windows import plus_months
from shouyue.membership.tiers.tests.ground import bought, customer, member, published
from shouyue.store.members.sessions import start_session
from shouyue.store.models import Staff
from shouyue.web.format import day as in_words
from shouyue.web.portal import principal

pytestmark = pytest.mark.django_db


def desk() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Staff.objects.create_user("a@example.com", name="A", party="a"))
    return client


def phone(who) -> Client:
    client = Client(headers={"accept-language": "en"})
    session = start_session(who, at=clock.now())
    client.cookies[principal.SESSION_COOKIE] = signing.Signer(salt="member session").sign(str(session.pk))
    return client


def reviewed_monthly(*, notice_days: int) -> tuple[date, date]:
    """A programme that reviews two months on the first of each; its last review and its next."""
    content = standard_content()
    content["tiers"] |= {"window": {"kind": "rolling", "months": 2, "grace_days": 0}, "notice_days": notice_days}
    ProgrammeVersion.objects.create(content=content, changed_at=clock.now(), changed_by="test")
    published()
    last = timezone.localdate(clock.now()).replace(day=1)
    return last, plus_months(last, 1)


def test_a_tier_about_to_be_lost_is_told_on_the_phone_and_at_the_desk_under_any_number():
    last, coming = reviewed_monthly(notice_days=60)
    one, other = member("N-one", joined_on=plus_months(last, -2)), member("N-two", joined_on=plus_months(last, -2))
    for who in (one, other):
        bought(who, plus_months(last, -2), 800)
    merge_customers(survivor=one, merged=other, by="test", at=clock.now())
    words = f"CN¥1,000.00 more before {in_words(coming, language='en')} and you keep your tier."
    for who in (one, other):
        for path in ("/m/", "/m/points/"):
            page = phone(who).get(path).content.decode()
            assert (words in page, "Silver" in page) == (True, True)
    staff, today = desk(), timezone.localdate(clock.now())
    assert words in staff.get(f"/membership/members/{other}/").content.decode()
    review_tiers([one, other], on=today, at=clock.now(), by="test")
    page = staff.get("/membership/tiers/").content.decode()
    assert (page.count("N-one"), "N-two" in page) == (1, False)
    # What is bought in time keeps it, under whichever number.
    bought(other, today, 1_000)
    assert "you keep your tier" not in phone(one).get("/m/").content.decode()


@pytest.mark.parametrize("path", ["", "tier", "household", "adjust", "review", "passes/new"])
def test_nobody_has_a_page_who_is_no_member(path):
    published()
    assert desk().get(f"/membership/members/{new_id()}/{path}").status_code == 404


def test_a_person_who_is_a_member_under_another_number_is_corrected_and_sold_a_tier_there():
    published()
    stands, known = customer("B1"), member("A1")
    merge_customers(survivor=stands, merged=known, by="test", at=clock.now())
    client, page = desk(), f"/membership/members/{stands}/"
    assert [client.get(f"{page}{path}").status_code for path in ("", "tier", "adjust", "passes/new")] == [200] * 4
    client.post(f"{page}adjust", {"points": "5", "why": "typo", "key": str(new_id())})
    told = {"tier": "gold", "first": timezone.localdate(clock.now()).isoformat(), "months": "1", "price_yuan": "0"}
    client.post(f"{page}passes/new", {**told, "why": "gift", "key": str(new_id())})
    assert [Adjustment.objects.get().customer_id, TierPass.objects.get().customer_id] == [known, known]
    assert "Gold" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("path", "told", "words"),
    [
        ("household", {"wish": "draw", "points": "-5"}, "greater than or equal to 1"),
        ("household", {"wish": "draw", "points": "901"}, "901"),
        ("household", {"wish": "share", "cap_points": "-1", "agreed": "on"}, "greater than or equal to 1"),
        ("household", {"wish": "share", "cap_points": "10"}, "This field is required."),
        ("adjust", {"points": "-1000001", "why": "typo"}, "greater than or equal to"),
        ("adjust", {"points": "5", "why": ""}, "This field is required."),
        ("review", {"about": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_refused_in_place_with_the_reason(path, told, words):
    published()
    who = member("A1")
    share(who, new_id(), 100, at=clock.now(), by="test")
    answer = desk().post(f"/membership/members/{who}/{path}", {"key": str(new_id()), **told})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_day_to_come_has_no_tier_yet():
    published()
    today = timezone.localdate(clock.now())
    address = f"/membership/members/{member('A1')}/tier?day="
    answer = desk().get(f"{address}{today + timedelta(days=1)}")
    assert (answer.status_code, "This day is still to come." in answer.content.decode()) == (422, True)
