"""The answer page in a real browser on a phone: kept without a network, across a reload, sent once, small enough."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect
from tests.looking import barriers, overflow, watch

import shouyue.surveys
from shouyue.surveys.answers.models import AnswerBox, Response
from shouyue.surveys.questionnaires.models import Questionnaire
from shouyue.surveys.sheets.actions.answering import answers_on, sheet_of
from shouyue.surveys.waves.actions.opening import open_wave
from shouyue.surveys.waves.tests.ground import AT, people, tokens, wish

pytestmark = pytest.mark.browser
SCRIPT_BYTES_MAX = 30 * 1024
IS_KEPT = """async () => (await (await caches.open("answer-pages")).keys()).length"""
LEFT = """() => new Promise((resolve) => {
  const asked = indexedDB.open("shouyue-answers");
  asked.onsuccess = () => {
    const rows = asked.result.transaction("rows").objectStore("rows").getAll();
    rows.onsuccess = () => resolve(rows.result.filter((row) => !row.keptAt).length);
  };
})"""


@pytest.fixture
def phone(browser, live_site):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    context.add_cookies([{"name": "shouyue_language", "value": "zh-hans", "url": live_site.url}])
    yield context
    context.close()


def links(count: int, **changes) -> list[str]:
    people(30)
    return tokens(open_wave(wish(**changes), at=AT, by="staff:1"))[:count]


def test_answers_outlive_a_lost_network_and_a_reload_and_count_once(phone, live_site) -> None:
    (token,) = links(1)
    page, said = phone.new_page(), []
    watch(page, said)
    page.goto(live_site.path(f"/a/{token}/"))
    assert (barriers(page), overflow(page), said) == ([], 0, [])
    with page.expect_response(re.compile("/keep$")):
        page.get_by_role("radio", name="2 不满意", exact=True).first.check(force=True)
    why = page.get_by_role("group", name="请告诉我们哪里做得不好")
    expect(why).to_be_visible()
    page.wait_for_function(IS_KEPT)

    phone.set_offline(True)
    why.get_by_role("textbox").fill("等了三天")
    page.get_by_role("radio", name="9", exact=True).check(force=True)
    expect(page.get_by_text("没有网络")).to_be_visible()
    page.reload()
    # The phone alone knows them now.
    expect(why.get_by_role("textbox")).to_have_value("等了三天")
    assert page.locator("input:checked").evaluate_all("all => all.map(one => one.value)") == ["2", "9"]
    assert answers_on(sheet_of(token)) == {"overall": 2}
    page.get_by_role("button", name="提交答卷").click()
    expect(page.get_by_text("网络恢复后")).to_be_visible()
    assert Response.objects.count() == 0

    with page.expect_navigation():
        phone.set_offline(False)
    expect(page.get_by_text("您的答卷已收到")).to_be_visible()
    assert answers_on(sheet_of(token)) == {"overall": 2, "why": "等了三天", "recommend": 9}
    assert [one.score for one in Response.objects.all()] == [2]
    assert (page.evaluate(LEFT), barriers(page), overflow(page)) == (0, [], 0)


def test_one_question_a_screen_by_keyboard(phone, live_site) -> None:
    (token,) = links(1)
    Questionnaire.objects.update(is_stepped=True)
    page = phone.new_page()
    page.goto(live_site.path(f"/a/{token}/"))
    page.wait_for_selector("answer-sheet[data-ready]")
    visible = page.locator(".ask:visible")
    expect(visible).to_have_count(1)
    page.get_by_role("button", name="下一题").click()
    # A question that must be answered does not let anybody past; the focus is on it.
    expect(visible.get_by_text("请回答这个问题")).to_be_visible()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    # Four of five is satisfied: the question that asks why is left out.
    expect(visible).to_have_attribute("data-code", "recommend")
    page.keyboard.press("End")
    page.get_by_role("button", name="上一题").click()
    expect(visible).to_have_attribute("data-code", "overall")
    assert (barriers(page), overflow(page)) == ([], 0)
    expect(page.get_by_text("已保存")).to_be_visible()
    page.reload()
    page.wait_for_selector("answer-sheet[data-ready]")
    expect(visible).to_have_attribute("data-code", "recommend")


def test_nothing_of_an_anonymous_sheet_leaves_the_phone_before_it_is_sent(phone, live_site) -> None:
    (token,) = links(1, is_anonymous=True)
    page, said, posts = phone.new_page(), [], []
    watch(page, said)
    page.on("request", lambda request: posts.append(request.post_data) if request.method == "POST" else None)
    page.goto(live_site.path(f"/a/{token}/"))
    page.wait_for_selector("answer-sheet[data-ready]")
    expect(page.get_by_text("本次调查是匿名的")).to_be_visible()
    assert (barriers(page), overflow(page), said) == ([], 0, [])
    page.get_by_role("radio", name="9", exact=True).check(force=True)
    expect(page.get_by_text("只保存在这部手机上")).to_be_visible()
    page.get_by_role("radio", name="2 不满意", exact=True).first.check(force=True)
    page.wait_for_function(f"async () => await ({LEFT})() === 2")
    page.reload()
    page.wait_for_selector("answer-sheet[data-ready]")
    assert page.locator("input:checked").evaluate_all("all => all.map(one => one.value)") == ["2", "9"]
    assert posts == []
    with page.expect_navigation():
        page.get_by_role("button", name="提交答卷").click()
    expect(page.get_by_text("您的答卷已收到")).to_be_visible()
    # One request, with everything.
    assert [sorted(parse_qs(one)) for one in posts] == [["overall", "question", "recommend", "send"]]
    assert [box.marks for box in AnswerBox.objects.all()] == [[{"overall": 2, "recommend": 9}]]
    assert (sheet_of(token).marks, Response.objects.count(), page.evaluate(LEFT)) == ({}, 0, 0)


def test_our_own_script_is_small() -> None:
    room = Path(shouyue.surveys.__file__).parent
    scripts = [room / "static/surveys/answers.js", room / "templates/surveys/answers_sw.js"]
    sizes = {path.name: path.stat().st_size for path in scripts}
    assert sum(sizes.values()) <= SCRIPT_BYTES_MAX, json.dumps(sizes)
