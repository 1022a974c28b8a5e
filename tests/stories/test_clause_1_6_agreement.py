"""Clauses 1, 2 and 6.2: who agreed, what for, what on, and where in the schedule the work stands."""

from datetime import date

import pytest

from tests.stories.company import bring, order, sign
from tests.stories.reader import one_line, reading

pytestmark = pytest.mark.browser


@pytest.fixture
def in_may(live_site, tmp_path):
    """The agreement of 2025 with records up to 15 May: its fifth month, in the second of four phases."""
    bring(tmp_path, orders=[order("D1", "C1", "2025-05-15")])
    sign(until=date(2025, 5, 15))
    return live_site


def test_both_parties_stand_in_the_agreement_with_their_particulars(browser, in_may):
    with reading(browser, in_may, party="a", language="zh-hans") as reader:
        reader.follow("合同")
        assert reader.heading() == "客户关系管理与忠诚度提升合同"
        term = "2025年1月1日至2025年12月31日 · 第 5 个月，共 12 个月"
        assert reader.text(".page-head .note") == f"编号 SY-2025-001 · {term} · 记录截至2025年5月15日"
        assert reader.card("甲方") == (
            "甲方 甲 甲方 名称 云杉百货有限公司 法定代表人 林知夏 注册地址 江苏省苏州市工业园区星海街 200 号 "
            "联系电话 0512-0000 0001 邮箱 office@party-a.example"
        )
        assert reader.card("乙方") == (
            "乙方 乙 乙方 名称 知行客户服务有限公司 法定代表人 周远 注册地址 江苏省苏州市姑苏区干将东路 178 号 "
            "联系电话 0512-0000 0002 邮箱 office@party-b.example"
        )
        # A key leads to the definitions that both have frozen, and the focus goes along.
        reader.page.keyboard.press("d")
        assert reader.page.url.endswith("/agreement/#definitions")


def test_the_schedule_and_the_register_of_clauses_are_walked_by_key(browser, in_may):
    with reading(browser, in_may, party="b", language="en", path="/agreement/") as reader:
        shown = [one_line(text) for text in reader.page.locator(".phases > *").all_inner_texts()]
        # 15 May to 30 June: sixteen days of May and thirty of June.
        assert [text.split(" To be finished: ")[0] for text in shown] == [
            "Months 1–3Plan and build (done) ended on Mar 31, 2025",
            "Months 4–6Survey and adjust 46 days left",
            "Months 7–9Loyalty activities begins on Jul 1, 2025",
            "Months 10–12Review and renewal begins on Oct 1, 2025",
        ]
        assert len(reader.page.locator("article.paper h2").all()) == 14
        reader.follow("6.2Schedule")
        assert reader.heading() == "6.2 Schedule"
        duties = [one_line(text) for text in reader.page.locator(".duties li").all_inner_texts()]
        assert duties == [
            "A Party A Customer relationship plan made and put to work Once",
            "A Party A Satisfaction surveyed and measures adjusted to it Once · next on Jun 30, 2025",
            "B Party B Loyalty activities run Once · next on Sep 30, 2025",
            "B Party B Review report and recommendation on renewal Once · next on Dec 31, 2025",
        ]
        reader.press("]")
        assert reader.heading() == "7.1 Duties of Party A"
        # Clauses 2.1 and 2.2: what the parties are here for, and by which principles.
        reader.page.goto(in_may.path("/agreement/clauses/2.1/"))
        assert "more satisfied and more loyal, identify with its brand" in reader.text("article.paper")
        reader.press("]")
        principles = [one_line(text) for text in reader.page.locator(".item b").all_inner_texts()]
        assert principles == ["Good faith", "The customer first", "Continuous improvement"]
