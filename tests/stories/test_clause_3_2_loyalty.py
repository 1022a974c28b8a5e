"""Clause 3.2: loyalty of 80 % by what customers do: who came back soon, who stayed; and by what they say when asked."""

from datetime import UTC, date, datetime

import pytest

from shouyue.surveys.public import close_wave, links_of, open_wave, send_answers
from shouyue.surveys.waves.tests.ground import people, wish
from tests.stories.company import bring, order, sign
from tests.stories.reader import reading

pytestmark = pytest.mark.browser

# First orders in the first quarter: C1 to C5. Within 90 days came back: C1; C2 on the very last day (15 January +
# 90 days = 15 April); C3 on the same day; C4. C5 came a day too late. 4 of 5 = 80 %: met.
# Second quarter: C6 alone, who never came back: 0 of 1. Its window closed on 28 September.
# Third: C7, who came back, but the window is still open on 30 September: not due.
# Retention of the second quarter: of C1 to C5 all but C3 ordered: 4 of 5 = 80 %: met.
# Of the third: of C1, C2, C4, C5, C6 only C1 ordered: 1 of 5 = 20 %: missed.
ORDERS = [
    order("D11", "C1", "2025-01-10"),
    order("D12", "C1", "2025-02-01"),
    order("D13", "C1", "2025-05-01"),
    order("D14", "C1", "2025-07-01"),
    order("D21", "C2", "2025-01-15"),
    order("D22", "C2", "2025-04-15"),
    order("D31", "C3", "2025-02-10"),
    order("D32", "C3", "2025-02-10 18:00:00"),
    order("T31", "C3", "2025-04-02", quantity=-1),  # bringing something back is not buying again
    order("D41", "C4", "2025-03-01"),
    order("D42", "C4", "2025-03-20"),
    order("D43", "C4", "2025-06-30 23:59:00"),  # the last minute of the quarter where the agreement holds
    order("D51", "C5", "2025-01-15"),
    order("D52", "C5", "2025-04-16"),
    order("D61", "C6", "2025-04-05"),
    order("D71", "C7", "2025-07-10"),
    order("D72", "C7", "2025-07-20"),
    order("D81", "", "2025-01-20"),  # a till sale: nobody who could come back
]


@pytest.fixture
def three_quarters(live_site, tmp_path):
    bring(tmp_path, orders=ORDERS)
    sign(until=date(2025, 9, 30))
    return live_site


def test_party_b_reads_who_came_back_and_who_stayed(browser, three_quarters):
    with reading(browser, three_quarters, party="b", language="en") as reader:
        assert reader.heading() == "Q3 2025"
        assert [[row[0], *row[6:]] for row in reader.rows("Measures by quarter")] == [
            ["Q3 2025", "100.0% Not due", "20.0% Missed"],
            ["Q2 2025", "0.0% Missed", "80.0% Met"],
            ["Q1 2025", "80.0% Met", "–"],
        ]
        reader.press("[")
        reader.press("[")
        assert reader.heading() == "Q1 2025"
        shown = "Met 80.0% Repurchase, target ≥ 80% 4 of 5 first-time buyers came back"
        assert reader.card("Customer loyalty").startswith(
            f"Customer loyalty Clauses 3.2 and 8.1(2) · duties of Party B {shown} "
        )
        reader.press("]")
        kept = "Retention Met 4 of 5 buyers of last quarter bought again"
        assert f"0 of 1 first-time buyers came back 80.0% {kept} " in reader.card("Customer loyalty")
        reader.follow("Retention")
        assert [row[:3] for row in reader.rows("Computation by quarter")] == [
            ["Q3 2025", "1 / 5", "20.00%"],
            ["Q2 2025", "4 / 5", "80.00%"],
        ]


def test_party_a_reads_what_is_counted_and_what_other_windows_would_give(browser, three_quarters):
    with reading(browser, three_quarters, party="a", language="zh-hans", path="/measures/repurchase/") as reader:
        assert "90" in reader.card("计入什么")
        first = reader.rows("各季度的计算")[-1]
        assert first[:3] == ["2025 年第一季度", "4 / 5", "80.00%"]
        # Within 30 days: C1, C3, C4. Within 60 as well. Within half a year: all five. A year has not passed yet.
        assert first[-1] == "30 天内 60.0% · 60 天内 60.0% · 180 天内 100.0% · 不计已取消订单 80.0%"
        reader.follow("守约看板")
        assert reader.heading() == "2025 年第三季度"
        assert reader.card("最该做的一件事").startswith("最该做的一件事 客户忠诚度不低于 80%：季度留存 未达标 ")


@pytest.fixture
def asked_customers(live_site):
    """100 of 400 customers answered in May: 72 would buy again and recommend, 8 would only buy again."""
    people(400)
    plan = open_wave(
        wish(questionnaire="loyalty", wanted=100, target="0.8", closes_on=date(2025, 5, 30)),
        at=datetime(2025, 5, 5, 2, tzinfo=UTC),
        by="story",
    )
    for place, link in enumerate(links_of(plan)):
        told = {"repurchase": ["5" if place < 80 else "2"], "recommend": ["4" if place < 72 else "3"], "brand": ["4"]}
        send_answers(link, told, at=datetime(2025, 5, 6, 2, tzinfo=UTC))
    close_wave(plan.wave_id, at=datetime(2025, 5, 31, 2, tzinfo=UTC), by="story")
    sign(until=date(2025, 6, 30))
    return live_site


def test_party_b_reads_that_customers_say_they_are_not_loyal_enough(browser, asked_customers):
    with reading(browser, asked_customers, party="b", language="zh-hans") as reader:
        assert "100 位答卷客户中 72 位愿意再次购买并愿意推荐" in reader.card("客户忠诚度")
        reader.follow("忠诚意愿（调查）")
        (row,) = reader.rows("各季度的计算")
        assert [row[1], row[2], row[4], row[5]] == ["72 / 100", "72.00%", "未达标", "未达标"]
