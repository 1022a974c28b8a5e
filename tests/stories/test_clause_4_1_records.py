"""Clause 4.1: records that are accurate and kept up to date: every row has an outcome, every return a reason."""

import pytest

from tests.stories.company import bring, order
from tests.stories.reader import reading

pytestmark = pytest.mark.browser

# C1 bought three bottles and a towel: 3 x 99.00 + 59.50 = 356.50. One bottle came back, then five more, of which
# two were left to undo: three are more than was bought. C2 brought back what they never bought, and somebody unknown
# something. The price of D2 is no number: its row is rejected.
ORDERS = [
    order("D1", "C1", "2025-01-05", quantity=3),
    order("D1", "C1", "2025-01-05", item="A-2", price="59.50"),
    order("T1", "C1", "2025-01-09", quantity=-1),
    order("T2", "C1", "2025-01-10", quantity=-5),
    order("T3", "C2", "2025-01-11", item="A-9", quantity=-1),
    order("T4", "", "2025-01-12", quantity=-1),
    order("D2", "C2", "2025-01-06", price="九十九"),
    order("D3", "", "2025-01-07"),
    order("D4", "C2", "2025-02-01", item="A-2", price="59.50"),
]


@pytest.fixture
def imported(live_site, tmp_path):
    bring(tmp_path, orders=ORDERS)
    again = bring(tmp_path, orders=ORDERS)
    assert [report.was_done for report in again] == [True]
    return live_site


def test_every_row_of_the_import_has_an_outcome(browser, imported):
    with reading(browser, imported, party="b", language="en") as reader:
        reader.follow("Imports")
        # Nine rows, of which one was rejected; importing the same file again added no second run.
        assert reader.rows("Imports") == [
            ["Jan 1, 2025, 09:00", "Orders orders.csv", "finished", "9", "8", "0", "0", "1"]
        ]
        reader.tab_until("document.activeElement.closest('tbody') !== null")
        reader.page.keyboard.press("ArrowDown")
        reader.press("Enter")
        why = (
            "“unit_price” is not an amount with at most four decimals, or not written as this file writes them: 九十九."
            " Write it as the other rows do, or like 1289.00 in all of them."
        )
        assert reader.rows("Rejected rows") == [["orders.csv", "7", why]]


def test_an_order_is_found_by_its_number_and_its_returns_stand_beside_it(browser, imported):
    with reading(browser, imported, party="a", language="zh-hans") as reader:
        reader.follow("订单")
        reader.tab_to("编号")
        reader.type("D1")
        reader.press("Enter")
        found = ["D1", "2025年1月5日 10:00", "C1", "销售", "已完成", "园区店", "2", "¥356.50", ""]
        assert reader.rows("订单") == [found]
        reader.follow("D1")
        assert [row[2:] for row in reader.rows("订单明细")] == [
            ["A-1 商品 A-1", "3", "¥99.00", "¥297.00", "1 件，随 T1 退回 2 件，随 T2 退回"],
            ["A-2 商品 A-2", "1", "¥59.50", "¥59.50", "–"],
        ]
        reader.follow("C1")
        assert reader.heading().split() == ["C", "C1"]  # the letter in place of a picture, and the number
        assert [row[1:] for row in reader.rows("最近的订单")] == [
            ["T2", "退货", "1", "−¥495.00"],
            ["T1", "退货", "1", "−¥99.00"],
            ["D1", "销售", "2", "¥356.50"],
        ]
        reader.follow("退货")
        assert [row[1:] for row in reader.rows("未关联的退货")] == [
            ["T4", "柜台销售", "A-1 商品 A-1", "−1", "1", "客户未知。"],
            ["T3", "C2", "A-9 商品 A-9", "−1", "1", "没有该客户此前购买该商品的记录。"],
            ["T2", "C1", "A-1 商品 A-1", "−5", "3", "退货数量超过已购未退的数量。"],
        ]
