"""The portal as a member meets it: their card, their data, on a phone, in both languages, without a network."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect
from tests.house.checks.pages import raw_components
from tests.looking import barriers, overflow, watch

from shouyue.customers.people.public import Known
from shouyue.customers.people.tests.test_people import KNOWN, who
from shouyue.customers.public import CustomerFacts, ensure_customers, record_people
from shouyue.kernel import clock
from shouyue.store.digests import forget_identities
from shouyue.store.members.sessions import IDLE, start_session
from shouyue.store.models import MemberSession
from shouyue.store.outgoing.sandbox import kept_messages
from shouyue.store.person_keys import shred
from shouyue.web.portal import frame, principal

AT = datetime(2026, 3, 1, tzinfo=UTC)
PHONE = "138 0000 6621"
PLAIN = ("13800006621", "wang.wx@example.cn", "星湖街", "1990")


def make(number: str, told: Known | None = KNOWN, *, at: datetime = AT) -> UUID:
    ensure_customers([CustomerFacts(who(number), "plain", number, "person", city="苏州", seen_at=at)])
    if told:
        record_people({who(number): told}, at=at)
    return who(number)


def signed_in(customer: UUID, *, language: str = "en") -> Client:
    """A browser whose cookie we made as the sign-in makes it."""
    from django.http import HttpResponse

    client, answer = Client(), HttpResponse()
    principal.keep_cookie(answer, principal.SESSION_COOKIE, start_session(customer, at=clock.now()).pk)
    client.cookies["shouyue_member"] = answer.cookies["shouyue_member"].value
    client.cookies["shouyue_language"] = language
    return client


def seen(page) -> str:
    return re.sub(r"<[^>]+>", " ", page.content.decode())


@pytest.mark.django_db
def test_the_card_shows_the_member_whole_and_my_data_masked():
    member = signed_in(make("YS10001"))
    card = seen(member.get("/m/"))
    assert "王伟鑫" in card
    assert "YS10001" in card
    assert "With us since Mar 1, 2026" in card
    page = member.get("/m/my-data/")
    data = " ".join(seen(page).split())
    for told in ("Name 王*", "Phone 138****6621", "E-mail w***@e*.cn", "Birthday 05-17", "Address 苏州市 ***"):
        assert told in data
    assert [plain for plain in (*PLAIN, "王伟鑫") if plain in page.content.decode()] == []
    assert raw_components(page.content.decode()) == []


@pytest.mark.django_db
def test_a_member_sees_nobody_else():
    make("YS10002", Known(name="单雪", phones=("+8613912345678",)))
    member = signed_in(make("YS10001"))
    pages = member.get("/m/").content.decode() + member.get("/m/my-data/").content.decode()
    assert "单" not in pages
    assert "YS10002" not in pages


@pytest.mark.django_db
def test_who_is_known_by_number_only_is_told_so():
    member = signed_in(make("YS10003", None))
    assert "by your member number only" in seen(member.get("/m/my-data/"))
    assert "YS10003" in seen(member.get("/m/"))


@pytest.mark.django_db
def test_an_erased_member_shows_no_name():
    customer = make("YS10001")
    member = signed_in(customer)
    shred([customer], at=clock.now())
    forget_identities([customer])
    pages = member.get("/m/").content.decode() + member.get("/m/my-data/").content.decode()
    assert [plain for plain in (*PLAIN, "王") if plain in pages] == []


@pytest.mark.django_db
def test_my_data_is_for_members():
    assert Client().get("/m/my-data/").url == "/m/sign-in"


@pytest.mark.django_db
def test_an_address_that_is_not_there_leads_back_to_the_portal():
    answer = signed_in(make("YS10001")).get("/m/nowhere")
    assert answer.status_code == 404
    assert set(re.findall(r'<a class="(?:brand|btn first)" href="([^"]*)"', answer.content.decode())) == {"/m/"}


@pytest.mark.django_db
def test_faces_cost_the_same_for_a_family():
    family = [make(f"YS{number}") for number in range(4)]
    counts = []
    for people in (family[:1], family):
        with CaptureQueriesContext(connection) as queries:
            faces = frame.faces_of(people)
        counts.append(len(queries))
    assert counts == [3, 3]
    assert [(face.masked_name, face.masked_number) for face in faces.values()] == [
        ("王*", f"****S{number}") for number in range(4)
    ]


@pytest.fixture
def phone(browser, live_site):
    """Opens a phone's browser; afterwards nothing may have reached the console."""
    contexts, said = [], []

    def open_phone(*, language="zh-hans", theme="light"):
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, color_scheme=theme
        )
        contexts.append(context)
        cookies = {"shouyue_language": language, "shouyue_theme": theme}
        context.add_cookies([{"name": name, "value": value, "url": live_site.url} for name, value in cookies.items()])
        page = context.new_page()
        watch(page, said)
        return page

    open_phone.said = said
    yield open_phone
    for context in contexts:
        context.close()
    assert said == []


def sound(page, where):
    """Accessible, no wider than the phone, everything to touch large enough, nothing of another language's half."""
    assert (where, barriers(page)) == (where, [])
    assert (where, overflow(page)) == (where, 0)
    small = page.evaluate(
        """[...document.querySelectorAll("a, button, input:not([type=hidden])")].filter((one) => !one.matches(".skip"))
             .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
             .filter(([, box]) => box.width && (box.height < 44 || box.width < 44)).map(([html]) => html)"""
    )
    assert (where, small) == (where, [])


def enter(page, site):
    """Sign in as a person does it, reading the code from the desk's sandbox; every page on the way is sound."""
    page.goto(site.path("/m/"))
    sound(page, "sign-in")
    page.fill("[name=phone]", PHONE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/m/sign-in/code")
    sound(page, "code")
    page.fill("[name=code]", re.search(r"[0-9]{6}", kept_messages(at=clock.now())[0].text)[0])
    page.keyboard.press("Enter")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "theme"), [("zh-hans", "light"), ("en", "dark"), ("zh-hans", "dark"), ("en", "light")]
)
def test_a_family_phone_signs_in_on_a_phone(phone, live_site, language, theme):
    make("YS10001")
    make("YS10002", Known(name="单雪", phones=("+8613800006621",)))
    page = phone(language=language, theme=theme)
    enter(page, live_site)
    page.wait_for_url("**/m/sign-in/who")
    sound(page, "who")
    page.get_by_role("button", name="王*").click()
    page.wait_for_url("**/m/")
    sound(page, "home")
    expect(page.locator(".member-card")).to_contain_text("王伟鑫")
    page.locator(".tabbar a").last.click()
    page.wait_for_url("**/m/my-data/")
    sound(page, "my data")
    assert page.evaluate("document.documentElement.lang") == ("zh-Hans" if language == "zh-hans" else "en")
    page.goto(live_site.path("/m/offline"))
    sound(page, "offline")


@pytest.mark.browser
def test_tabs_are_reached_by_keyboard_and_say_where_one_is(phone, live_site):
    make("YS10001")
    page = phone()
    enter(page, live_site)
    page.wait_for_url("**/m/")
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('.tabbar') && document.activeElement.textContent"))
    assert [name for name in reached if name][:2] == ["首页", "积分"]
    expect(page.locator(".tabbar [aria-current]")).to_have_text("首页")
    page.locator(".tabbar a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/m/my-data/")
    expect(page.locator(".tabbar [aria-current]")).to_have_text("我的资料")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/m/sign-in")
    page.go_back()
    page.wait_for_url("**/m/sign-in")
    assert "138****6621" not in page.content()


@pytest.mark.browser
def test_a_page_that_lies_idle_goes_away_by_itself(phone, live_site):
    make("YS10001")
    page = phone()
    page.clock.install()
    enter(page, live_site)
    page.wait_for_url("**/m/")
    page.clock.fast_forward(29 * 60 * 1000)
    expect(page.locator(".member-card")).to_be_visible()
    MemberSession.objects.update(last_seen_at=clock.now() - IDLE)
    page.clock.fast_forward(2 * 60 * 1000)
    page.wait_for_url("**/m/sign-in")
    assert "王伟鑫" not in page.content()


@pytest.mark.browser
def test_without_the_server_the_phone_shows_a_page_of_ours_and_nothing_of_the_member(phone, live_site):
    make("YS10001")
    page = phone()
    enter(page, live_site)
    page.wait_for_url("**/m/")
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.goto(live_site.path("/m/my-data/"))
    kept = page.evaluate(
        """(async () => { const found = [];
             for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys())
               found.push(new URL(one.url).pathname);
             return found; })()"""
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/m/offline"]
    live_site.process.terminate()
    live_site.process.wait(60)
    page.goto(live_site.path("/m/my-data/"))
    expect(page.locator("h1")).to_have_text("网络未连接")
    expect(page.locator("h2")).to_have_text("No connection")
    assert page.evaluate("getComputedStyle(document.querySelector('.btn.first')).borderRadius") == "6px", "styled"
    assert "138****6621" not in page.content()
    phone.said.clear()
