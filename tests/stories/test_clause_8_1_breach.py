"""Clauses 7, 8.1 and 8.2: a duty of A is overdue, B gives notice of a claim, A answers within the thirty days."""

from datetime import timedelta

import pytest

from shouyue.agreement.public import AgreementTerms, sign_agreement
from shouyue.kernel import clock
from tests.stories.company import PARTY_A, PARTY_B
from tests.stories.reader import reading

pytestmark = pytest.mark.browser


@pytest.fixture
def in_the_fifth_month(live_site):
    """An agreement that began 130 days ago, so that the plan of its first three months is overdue."""
    now = clock.now()
    starts_on = clock.day_in("Asia/Shanghai", now) - timedelta(days=130)
    terms = AgreementTerms(number="SY-1", party_a=PARTY_A, party_b=PARTY_B, starts_on=starts_on)
    sign_agreement(terms, by="story", at=now - timedelta(days=131))
    return live_site


def test_b_claims_a_breach_and_a_answers_in_time(browser, in_the_fifth_month):
    site = in_the_fifth_month
    with reading(browser, site, party="b", language="zh-hans", path="/agreement/claims/") as b:
        assert b.heading() == "违约主张"
        b.follow("发出违约通知N")
        b.page.get_by_label("违约情形").select_option("8.1(4)")
        b.page.get_by_label("完成客户关系管理方案的制定和实施").check()
        b.page.get_by_label("因果关系").fill("方案未按期完成，乙方的忠诚度活动因此无法如期准备。")
        b.page.get_by_label("请求事项").fill("十个工作日内完成方案。")
        b.follow("发出通知")
        assert b.heading() == "违约主张第 1 号"
        assert "完成客户关系管理方案的制定和实施" in b.card("主张内容")
        assert b.page.get_by_role("button", name="提交答复").is_visible()  # B may still withdraw
    with reading(browser, site, party="a", language="zh-hans", path="/agreement/duties/") as a:
        assert a.heading() == "双方义务一览"
        a.page.goto(site.path("/agreement/claims/"))
        a.look()
        a.follow("8.1(4) 未履行其他义务")
        a.page.get_by_label("处理方式").select_option("cure")
        a.page.get_by_label("说明").fill("方案已于昨日完成并送达。")
        a.follow("提交答复")
        assert "已报告补救" in a.text(".page-head")
        assert "已在第 8.2(1) 条的三十日内答复。" in a.card("后续经过")
    with reading(browser, site, party="b", language="zh-hans", path="/agreement/claims/") as b:
        b.follow("8.1(4) 未履行其他义务")
        b.page.get_by_label("处理方式").select_option("confirm")
        b.page.get_by_label("说明").fill("已收到并核对。")
        b.follow("提交答复")
        assert "已补救结案" in b.text(".page-head")


def test_a_files_what_it_did_and_the_matrix_shows_it(browser, in_the_fifth_month):
    with reading(browser, in_the_fifth_month, party="a", language="en", path="/agreement/duties/") as a:
        marks = a.page.locator("tr", has_text="Customer relationship plan made").locator("a.due-mark")
        assert "Overdue" in marks.first.get_attribute("title")
        a.page.goto(in_the_fifth_month.path(marks.first.get_attribute("href")))
        a.look()
        a.page.get_by_label("What was done").fill("The plan is confirmed by both parties.")
        a.page.get_by_label("Done on").fill(clock.day_in("Asia/Shanghai", clock.now()).isoformat())
        a.follow("File it")
        assert "Done late" in a.text(".page-head")
