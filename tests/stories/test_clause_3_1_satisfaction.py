"""Clause 3.1: a survey every quarter, a target of 90 %, and a verdict that says no more than the answers prove."""

from datetime import date

import pytest

from tests.stories.company import answers, bring, order, sign
from tests.stories.reader import reading

pytestmark = pytest.mark.browser

# First quarter: forty were asked, thirty answered, all content. If only 90 % were, that would happen with a
# probability of 0.9^30 = 0.042 < 0.05: met. The interval's lower end is 0.05^(1/30) = 0.905.
FIRST = [5] * 18 + [4] * 12 + [None] * 10
# Second: nine of ten. By the letter 90 % is reached; by the rule ten answers prove nothing. Lower end: 0.606, where
# 10 p^9 (1-p) + p^10 = 0.05; upper end 0.95^(1/10) = 0.995.
SECOND = [5] * 9 + [3]
# Third: five of ten. If 90 % were content, five or fewer of ten would happen with 0.0016 < 0.05: missed.
THIRD = [5] * 3 + [4] * 2 + [3, 3, 2, 1, 1]


@pytest.fixture
def three_quarters(live_site, tmp_path):
    asked = [
        *answers("Q1", "2025-03-10", FIRST),
        *answers("Q2", "2025-06-10", SECOND),
        *answers("Q3", "2025-09-10", THIRD),
    ]
    bring(tmp_path, orders=[order(f"D{number}", f"C{number}", "2025-01-10") for number in range(1, 41)], asked=asked)
    sign(until=date(2025, 9, 30))
    return live_site


def test_party_a_reads_the_verdict_of_each_quarter(browser, three_quarters):
    with reading(browser, three_quarters, party="a", language="zh-hans") as reader:
        card, belongs = "客户满意度", "第 3.1、8.1(1) 条 · 甲方责任"
        assert reader.heading() == "2025 年第三季度"
        shown = "未达标 50.0% 90% 区间 22.2 – 77.8，目标 ≥ 90% 10 份答卷中 5 份满意 · 非抽样所得"
        assert reader.card(card).startswith(f"{card} {belongs} {shown} ")
        reader.press("[")
        assert reader.heading() == "2025 年第二季度"
        shown = "未定 90.0% 90% 区间 60.6 – 99.5，目标 ≥ 90% 10 份答卷中 9 份满意 · 非抽样所得"
        assert reader.card(card).startswith(f"{card} {belongs} {shown} ")
        assert "区间跨过目标：按约定的规则尚不能判定。" in reader.card(card)
        assert "若只看字面（比例与目标相比）：达标。" in reader.card(card)
        reader.press("[")
        assert reader.heading() == "2025 年第一季度"
        shown = "达标 100.0% 90% 区间 90.5 – 100.0，目标 ≥ 90% 30 份答卷中 30 份满意 · 非抽样所得"
        assert reader.card(card).startswith(f"{card} {belongs} {shown} ")
        # Thirty of forty answered. Had the ten silent been unhappy, it would be 30 of 40.
        assert "回收率 75.0% 邀请 40 人 最坏情形 75.0 – 100.0 " in reader.card(card)
        reader.follow("如何计算")
        assert reader.heading() == card
        assert [row[:2] for row in reader.rows("各季度的计算")] == [
            ["2025 年第三季度", "5 / 10"],
            ["2025 年第二季度", "9 / 10"],
            ["2025 年第一季度", "30 / 30"],
        ]


def test_an_answer_that_came_late_changes_the_figure_and_the_earlier_one_stays(browser, three_quarters, tmp_path):
    late = ("Q2-11", "C11", "", "2025-06-20", "2025-07-03 09:00:00", 5)
    bring(tmp_path / "late", orders=[order("D99", "C1", "2025-09-30")], asked=[late])
    sign(until=date(2025, 9, 30))
    with reading(browser, three_quarters, party="auditor", language="en") as reader:
        assert [row[:6] for row in reader.rows("Measures by quarter")] == [
            ["Q3 2025", "50.0%", "22.2 – 77.8", "10", "Missed", "Missed"],
            ["Q2 2025", "90.9%", "63.6 – 99.5", "11", "Undetermined", "Met"],
            ["Q1 2025", "100.0%", "90.5 – 100.0", "30", "Met", "Met"],
        ]
        reader.follow("How it is computed")
        assert [row[:3] for row in reader.rows("Versions of the figures")] == [
            ["Q3 2025", "2", "5 / 10"],
            ["Q3 2025", "1", "5 / 10"],
            ["Q2 2025", "2", "10 / 11"],
            ["Q2 2025", "1", "9 / 10"],
            ["Q1 2025", "1", "30 / 30"],
        ]
        # The clause that all this belongs to is one key away from the duty.
        reader.follow("Scoreboard")
        reader.follow("3.1(1)")
        assert reader.heading() == "3.1 Customer satisfaction"
        assert reader.rows("Targets of the clause")[0][:2] == ["Customer satisfaction", "≥ 90%"]
