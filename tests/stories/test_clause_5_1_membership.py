"""Clause 5.1: a member earns, climbs a tier, takes a reward and brings a friend; staff see what it costs and does."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core import signing
from django.utils import timezone
from playwright.sync_api import expect

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.membership.effect.public import measure_effect
from shouyue.membership.programme.public import publish_version
from shouyue.membership.referral.models import Referral, TermsConsent
from shouyue.membership.rewards.models import Redemption, Reward
from shouyue.membership.tiers.tests.ground import bought, customer
from shouyue.membership.tills.public import earn_from_batches
from shouyue.purchases.models import Order
from shouyue.store.members.sessions import start_session
from shouyue.web.portal import principal
from tests.browsing import SECRET_KEY
from tests.looking import barriers, overflow
from tests.stories.reader import reading

pytestmark = pytest.mark.browser


def sell(who: UUID, days_ago: int, yuan: int) -> None:
    """What a till's batch brings, and what the reaction to it does."""
    order = bought(who, timezone.localdate(clock.now()) - timedelta(days=days_ago), yuan)
    Order.objects.filter(id=order.id).update(batch_id=(batch := new_id()))
    earn_from_batches([batch], at=clock.now(), by="test")


def phone_of(browser, site, who: UUID, *, language: str = "zh-hans"):
    """A phone on which this customer is signed in."""
    session = start_session(who, at=clock.now())
    signed = signing.Signer(key=SECRET_KEY, salt="member session").sign(str(session.pk))
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    context.add_cookies(
        [
            {"name": principal.SESSION_COOKIE, "value": signed, "url": site.url + "/m/"},
            {"name": "shouyue_language", "value": language, "url": site.url},
        ]
    )
    return context.new_page()


# Buttons and links of the page itself that a thumb would miss.
SMALL = """() => [...document.querySelectorAll("main a.btn, main button, main .link, .tabbar a")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => one.textContent.trim())"""


def look(page) -> None:
    """No barrier by day or by night, nothing to scroll sideways, nothing too small for a thumb."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert barriers(page) == [], (page.url, scheme)
    assert (page.url, overflow(page), page.evaluate(SMALL)) == (page.url, 0, [])


def join(page, *, link: str, agree: str) -> None:
    """From the card or a friend's page: read the terms, agree, become a member. Without agreeing nothing happens."""
    with page.expect_navigation():
        page.get_by_role("link", name=link).click()
    look(page)
    with page.expect_navigation():
        page.get_by_role("button", name=link).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label(agree).check()
    with page.expect_navigation():
        page.get_by_role("button", name=link).click()


def test_a_member_earns_climbs_redeems_and_brings_a_friend(browser, live_site) -> None:
    today, at = timezone.localdate(clock.now()), clock.now()
    publish_version(starts_on=today - timedelta(days=400), at=at, today=None, by="test")
    Reward.objects.create(
        name_zh="雨伞", name_en="Umbrella", points=500, stock_left=3, changed_at=at, changed_by="test"
    )
    who, friend = customer("A1"), customer("B1")

    page = phone_of(browser, live_site, who)
    page.goto(live_site.path("/m/"))
    look(page)
    join(page, link="成为会员", agree="我已阅读")
    sell(who, 0, 1_200)
    page.reload()
    look(page)
    expect(page.get_by_role("region", name="会员卡")).to_contain_text("银卡")
    expect(page.locator(".points")).to_have_text("1,300")

    page.goto(live_site.path(f"/m/rewards/{Reward.objects.get().pk}/"))
    with page.expect_navigation():
        page.get_by_role("button", name="立即兑换").click()
    look(page)
    taken = Redemption.objects.get()
    expect(page.get_by_text(taken.code)).to_be_visible()

    page.goto(live_site.path("/m/friends/"))
    look(page)
    link = page.locator(".own-link a").get_attribute("href")
    other = phone_of(browser, live_site, friend)
    other.goto(link)
    look(other)
    join(other, link="成为会员", agree="我已阅读")
    assert Referral.objects.get().referrer_id == who
    page.context.close()
    other.context.close()

    measure_effect(at=clock.now(), by="test")
    with reading(browser, live_site, party="a", language="zh-hans", path="/membership/") as reader:
        assert "数据截至" in reader.card("有没有效果？")
        reader.follow("积分与负债")
        assert "与批次一致" in reader.card("积分变动表")
        reader.page.goto(live_site.path(f"/membership/members/{who}/"))
        reader.look()
        assert "按“日常消费”规则，消费 ¥1,200.00 得 1,200 分" in reader.card("历史")


def test_the_portal_in_english_on_a_narrow_phone(browser, live_site) -> None:
    today, at = timezone.localdate(clock.now()), clock.now()
    publish_version(starts_on=today - timedelta(days=400), at=at, today=None, by="test")
    told = {"changed_at": at, "changed_by": "test", "stock_left": 1}
    reward = Reward.objects.create(name_zh="工作坊", name_en="Workshop", points=500, cash_fen=5_000, **told)
    who = customer("A1")
    page = phone_of(browser, live_site, who, language="en")
    page.goto(live_site.path("/m/"))
    join(page, link="Become a member", agree="I have read the terms")
    consent = TermsConsent.objects.get()
    assert (consent.customer_id, consent.language, consent.version) == (who, "en", 1)

    sell(who, 0, 5_100)
    page.reload()
    look(page)
    card = page.get_by_role("region", name="Member card")
    expect(card).to_contain_text("Gold")
    expect(card.locator(".points")).to_have_text("5,200")
    page.get_by_text("Show my code at the till").click()
    expect(page.get_by_role("img", name="Code for the till")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Check in for one point").click()
    expect(page.get_by_text("done for today")).to_be_visible()
    expect(card.locator(".points")).to_have_text("5,201")
    expect(page.get_by_text("5,100 points for CN¥5,100.00 by the rule “every purchase”")).to_be_visible()

    page.goto(live_site.path(f"/m/rewards/{reward.pk}/"))
    look(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Reserve it").click()
    look(page)
    expect(page.get_by_text("500 points are set aside")).to_be_visible()
    page.goto(live_site.path("/m/rewards/"))
    look(page)
    expect(page.get_by_text("You have 4,701 points.")).to_be_visible()
    page.get_by_role("link", name="Workshop").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="I do not want it any more").click()
    expect(page.get_by_text("the 500 points are yours again")).to_be_visible()
    assert Reward.objects.get().stock_left == 1

    for path, words in (
        ("/m/points/", "Your benefits"),
        ("/m/friends/", "What came of it"),
        ("/m/my-data/", "My data"),
    ):
        page.goto(live_site.path(path))
        look(page)
        expect(page.locator("body")).to_contain_text(words)

    # Without a network the phone shows a page of its own, and nothing of the member.
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto(live_site.path("/m/points/"))
    expect(page.locator("body")).to_contain_text("No connection")
    expect(page.locator(".points")).to_have_count(0)
    page.context.close()
