"""The habits that people bring from other products, each by keyboard alone in a real browser."""

import pytest
from django.contrib.sessions.models import Session

from shouyue.purchases.incoming.tests.import_ground import run_import, write_rows
from shouyue.store.models import Staff
from tests.looking import barriers, overflow, watch

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"
PHONE, DESK = 360, 1440


@pytest.fixture
def visit(browser, live_site):
    """Opens pages as 林知夏; afterwards nothing may have reached the console."""
    Staff.objects.create_user("lin@a.example", PASSWORD, name="林知夏", party="a")
    contexts, said = [], []

    def open_page(path, *, width=DESK, language="en", theme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, has_touch=width == PHONE)
        contexts.append(context)
        context.set_default_timeout(60_000)
        context.add_cookies(
            [
                {"name": "shouyue_language", "value": language, "url": live_site.url},
                {"name": "shouyue_theme", "value": theme, "url": live_site.url},
            ]
        )
        page = context.new_page()
        watch(page, said)
        page.goto(live_site.path(f"/account/login/?next={path}"))
        page.fill("[name=login]", "lin@a.example")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(live_site.path(path))
        return page

    open_page.said = said
    yield open_page
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture
def orders(tmp_path, live_site):
    """Four orders: A1 is the oldest, A4 the newest and a return."""
    moments = [f"2010-12-0{day} 08:26:00" for day in (1, 2, 3)]
    sold = [
        (f"A{number}", "85123A", "HOLDER", 6, moment, "2.55", "17850", "United Kingdom")
        for number, moment in enumerate(moments, start=1)
    ]
    back = ("CA4", "85123A", "HOLDER", -1, "2010-12-04 09:00:00", "2.55", "17850", "United Kingdom")
    run_import(write_rows(tmp_path / "orders.csv", [*sold, back]))


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def tab_to(page, selector):
    """Tab until the selector has the focus, as a person without a mouse does."""
    for _step in range(60):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def wait_for_hit(page, words):
    page.wait_for_selector(f"#palette-list [aria-selected=true]:has-text('{words}')")


def test_the_palette_opens_by_key_chooses_by_arrows_goes_by_enter_and_closes_by_escape(visit, live_site):
    page = visit("/style")
    page.focus("#id_remark")
    page.keyboard.press("Control+k")
    wait_for_hit(page, "")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "id_remark"
    page.keyboard.press("Control+k")
    page.keyboard.type("houtai")
    wait_for_hit(page, "Background jobs")
    assert page.locator("#palette-said").inner_text() == "1 result"
    page.keyboard.press("Control+a")
    page.keyboard.type("c")
    page.wait_for_selector("#palette-list[data-asked=c]")
    first = page.get_attribute("[name=q][role=combobox]", "aria-activedescendant")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("[name=q][role=combobox]", "aria-activedescendant") != first
    page.keyboard.press("ArrowUp")
    assert page.get_attribute("[name=q][role=combobox]", "aria-activedescendant") == first
    page.keyboard.press("Control+a")
    # Enter before the answer has come: it goes where the answer to these words leads, not an older one.
    page.keyboard.type("backgr")
    page.keyboard.press("Enter")
    page.wait_for_url(live_site.path("/jobs/"))


def test_the_palette_leaves_keys_to_an_input_method_that_is_composing(visit, live_site):
    page = visit("/style")
    page.keyboard.press("/")
    wait_for_hit(page, "")
    asked = []
    page.on("request", lambda request: asked.append(request.post_data) if request.url.endswith("/find") else None)
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "houtai", "selectionStart": 6, "selectionEnd": 6})
    page.evaluate(
        """document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true,
             bubbles: true, cancelable: true}))"""
    )
    page.wait_for_timeout(400)
    assert asked == []
    assert page.url == live_site.path("/style")
    typing.send("Input.insertText", {"text": "后台"})
    wait_for_hit(page, "Background jobs")
    assert len(asked) == 1
    page.keyboard.press("Enter")
    page.wait_for_url(live_site.path("/jobs/"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_palette_is_accessible_and_fits(visit, language):
    for theme in ("light", "dark"):
        for width in (DESK, PHONE):
            page = visit("/jobs/", width=width, language=language, theme=theme)
            assert (theme, width, overflow(page)) == (theme, width, 0)
            page.keyboard.press("Control+k")
            wait_for_hit(page, "")
            assert (theme, width, barriers(page)) == (theme, width, [])
            page.keyboard.type("zzzz")
            page.wait_for_selector(".palette .nothing")
            assert (theme, width, barriers(page)) == (theme, width, [])
            page.context.close()


def test_a_row_opens_beside_the_list_arrows_walk_and_escape_closes(visit, live_site, orders):
    page = visit("/orders/")
    tab_to(page, "row-keys a")
    press(page, "Space")
    page.wait_for_selector("#peek h2:has-text('CA4')")
    assert "peek=" in page.url
    press(page, "ArrowDown")
    page.wait_for_selector("#peek h2:has-text('A3')")
    opened = page.url
    press(page, "ArrowDown")
    page.wait_for_selector("#peek h2:has-text('A2')")
    assert page.url != opened
    assert barriers(page) == []
    page.reload()
    assert page.locator("#peek h2").inner_text() == "Order A2"
    with page.expect_event("load"):
        page.go_back()
    page.wait_for_url(live_site.path("/orders/"))
    tab_to(page, "row-keys a")
    press(page, "Space")
    page.wait_for_selector("#peek h2:has-text('CA4')")
    press(page, "Escape")
    page.wait_for_selector("#peek", state="hidden")
    assert page.url == live_site.path("/orders/")
    assert page.evaluate("document.activeElement.textContent") == "CA4"


def test_filters_and_columns_become_a_tab_and_removing_it_is_undone(visit, live_site, orders):
    page = visit("/orders/?kind=return")
    tab_to(page, "[data-opens=listing-columns]")
    press(page, "Enter")
    tab_to(page, "#listing-columns [value=placed]")
    press(page, "Space")
    tab_to(page, "#listing-columns [type=submit]")
    press(page, "Enter")
    page.wait_for_url("**cols=customer**")
    assert "Placed" not in page.locator("thead").inner_text()
    press(page, "v")
    page.keyboard.type("退货")
    press(page, "Enter")
    page.wait_for_selector(".toast:has-text('is kept as a tab')")
    assert page.locator(".tabs [aria-current=page]").inner_text() == "退货"
    assert page.locator("tbody tr").count() == 1
    press(page, "v")
    tab_to(page, "#listing-view form.between button")
    press(page, "Enter")
    page.wait_for_selector(".toast:has-text('was removed')")
    assert page.locator(".tabs a").count() == 1
    tab_to(page, ".toast .undo")
    press(page, "Enter")
    page.wait_for_selector(".toast:has-text('is back')")
    assert page.locator(".tabs a").count() == 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_list_with_an_open_row_is_accessible_and_fits(visit, orders, language):
    for theme in ("light", "dark"):
        for width in (DESK, PHONE):
            page = visit("/orders/", width=width, language=language, theme=theme)
            assert (theme, width, overflow(page), barriers(page)) == (theme, width, 0, [])
            page.focus("row-keys a")
            press(page, "Space")
            page.wait_for_selector("#peek h2")
            assert (theme, width, overflow(page), barriers(page)) == (theme, width, 0, [])
            press(page, "Escape", "v")
            assert (theme, width, barriers(page)) == (theme, width, [])
            page.context.close()


def test_what_was_typed_comes_back_after_closing_the_page_and_after_an_expired_session(visit, live_site):
    page = visit("/style")
    tab_to(page, "#id_remark")
    page.keyboard.type("写了很久的备注")
    page.wait_for_selector("auto-draft > [role=status]:has-text('Kept as a draft')")
    page.goto(live_site.path("/jobs/"))
    page.goto(live_site.path("/style"))
    assert page.input_value("#id_remark") == "写了很久的备注"
    Session.objects.all().delete()
    tab_to(page, "#id_remark")
    press(page, "End")
    page.keyboard.type("，还有")
    page.wait_for_selector("#signed-out[open]")
    assert page.input_value("#id_remark") == "写了很久的备注，还有"
    with page.context.expect_page() as opened:
        tab_to(page, "#sign-in-beside")
        press(page, "Enter")
    beside = opened.value
    beside.fill("[name=login]", "lin@a.example")
    beside.fill("[name=password]", PASSWORD)
    beside.keyboard.press("Enter")
    beside.wait_for_selector("h1:has-text('You are signed in')")
    beside.close()
    page.wait_for_selector("auto-draft > [role=status]:has-text('Kept as a draft')")
    page.reload()
    assert page.input_value("#id_remark") == "写了很久的备注，还有"
    assert barriers(page) == []
    tab_to(page, "auto-draft .notice button")
    press(page, "Enter")
    page.wait_for_selector("auto-draft .notice", state="detached")
    assert page.input_value("#id_remark") == ""
    visit.said[:] = [line for line in visit.said if "401" not in line]


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(visit):
    page = visit("/style")
    tab_to(page, "#id_share")
    press(page, "Control+a")
    page.keyboard.type("909")
    press(page, "Enter")
    page.wait_for_selector("#id_share[aria-invalid=true]")
    assert page.input_value("#id_share") == "909"
    assert page.locator("#id_share_error").first.inner_text() != ""
    visit.said[:] = [line for line in visit.said if "422" not in line]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_board_scrolls_within_itself(visit, orders, width):
    page = visit("/customers/board/", width=width)
    page.wait_for_selector(".board-card")
    assert (overflow(page), barriers(page)) == (0, [])
