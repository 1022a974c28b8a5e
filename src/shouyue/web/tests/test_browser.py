"""The shell in a real Chromium: axe, the content policy, no sideways scrolling, keys, expired sessions."""

import pytest
from django.contrib.sessions.models import Session
from tests.looking import barriers, overflow, watch

from shouyue.store.models import Staff

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"
PHONE, DESK = 360, 1440


@pytest.fixture
def visit(browser, live_site):
    """Opens pages as 林小雨; afterwards nothing may have reached the console."""
    Staff.objects.create_user("lin@a.example", PASSWORD, name="林小雨", party="a")
    contexts, said = [], []

    def open_page(path, *, width=DESK, language="en", theme="light", signed_in=True):
        context = browser.new_context(viewport={"width": width, "height": 900}, has_touch=width == PHONE)
        contexts.append(context)
        context.add_cookies(
            [
                {"name": "shouyue_language", "value": language, "url": live_site.url},
                {"name": "shouyue_theme", "value": theme, "url": live_site.url},
            ]
        )
        page = context.new_page()
        watch(page, said)
        if signed_in:
            sign_in(page, live_site, path)
        else:
            page.goto(live_site.path(path))
        return page

    open_page.said = said
    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def sign_in(page, site, path):
    page.goto(site.path(f"/account/login/?next={path}"))
    page.fill("[name=login]", "lin@a.example")
    page.fill("[name=password]", PASSWORD)
    page.click(".entrance [type=submit]")
    page.wait_for_url(site.path(path))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_shell_is_accessible_and_fits(visit, language, theme):
    for path, signed_in in (("/account/login/", False), ("/style", True), ("/account/password/change/", True)):
        for width in (DESK, PHONE):
            page = visit(path, width=width, language=language, theme=theme, signed_in=signed_in)
            assert (path, width, barriers(page)) == (path, width, [])
            assert (path, width, overflow(page)) == (path, width, 0)
            page.context.close()


def test_letters_of_charts_keep_their_size(visit):
    for width in (320, PHONE, 500, 768, 1024, 1280, DESK, 1920):
        page = visit("/style", width=width)
        sizes = page.evaluate(
            """[...document.querySelectorAll("svg.chart")].filter((svg) => svg.clientWidth > 0).map((svg) =>
                 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"""
        )
        assert len(sizes) == 10
        assert (width, [size for size in sizes if not 10.8 <= size <= 19]) == (width, [])
        page.context.close()


def test_the_menu_of_a_phone_opens_by_key_and_closes_by_escape(visit):
    page = visit("/style", width=PHONE)
    assert not page.locator("#rail").is_visible()
    page.focus("[popovertarget=rail]")
    page.keyboard.press("Enter")
    assert page.locator("#rail").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#rail").is_visible()
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == "rail"


def test_the_first_tab_skips_to_the_content(visit):
    page = visit("/style")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_theme_and_the_language_are_switched_and_stay(visit):
    page = visit("/style")
    page.click(".me")
    with page.expect_navigation():
        page.click("[name=theme][value=dark]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    with page.expect_navigation():
        page.click("[name=language][value=zh-hans]")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.url.endswith("/style")


def test_keys_press_controls_and_the_question_mark_lists_them(visit):
    page = visit("/style")
    page.keyboard.press("n")
    assert page.locator("#sample").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#keys-list").inner_text().split("\n")[:4] == ["/", "Search", "N", "Open a dialog"]
    page.keyboard.press("Escape")
    page.focus("#id_remark")
    page.keyboard.type("nn?")
    assert page.input_value("#id_remark") == "nn?"
    assert not page.locator("dialog[open]").count()


def test_arrow_keys_walk_rows(visit):
    page = visit("/style")
    row = "document.activeElement.closest('tr').rowIndex"
    page.focus("row-keys tbody tr:first-child a")
    for key, wanted in (("ArrowDown", 2), ("ArrowDown", 3), ("ArrowUp", 2), ("End", 6), ("ArrowDown", 6), ("Home", 1)):
        page.keyboard.press(key)
        assert page.evaluate(row) == wanted


def test_an_expired_session_loses_nothing_that_was_typed(visit, live_site):
    page = visit("/style")
    page.fill("#id_remark", "写了很久的备注")
    Session.objects.all().delete()
    ask = """() => htmx.ajax('POST', '/account/password/change/', {target: '#id_remark', swap: 'none'})"""
    page.evaluate(ask)
    page.wait_for_selector("#signed-out[open]")
    assert page.input_value("#id_remark") == "写了很久的备注"
    with page.context.expect_page() as opened:
        page.click("#sign-in-beside")
    beside = opened.value
    beside.fill("[name=login]", "lin@a.example")
    beside.fill("[name=password]", PASSWORD)
    with beside.expect_navigation():
        beside.click(".entrance [type=submit]")
    assert beside.locator("h1").inner_text() == "You are signed in"
    beside.close()
    # The same request now goes through: the page sends the new session's token, not the one it was opened with.
    with page.expect_response("**/account/password/change/") as answered:
        page.evaluate(ask)
    assert answered.value.status == 200
    assert page.input_value("#id_remark") == "写了很久的备注"
    visit.said[:] = [line for line in visit.said if "401" not in line]
