"""Clause 4.3: who answers is not who buys; answers are weighted to margins that were frozen before the first one."""

import re

import pytest
from playwright.sync_api import expect

from shouyue.customers.models import Customer
from shouyue.surveys.public import links_of, send_answers
from shouyue.surveys.waves.models import WavePlan
from shouyue.surveys.waves.tests.ground import AT, people
from tests.stories.reader import reading

pytestmark = pytest.mark.browser
# 400 customers, every fourth of 南京, every fifth a company. All companies answer and half of the persons.
CUSTOMERS, COMPANIES = 400, 80


def send(plan: WavePlan) -> None:
    """Companies: 40 of 80 are satisfied. Of 320 persons every second one answers, all of them satisfied."""
    kinds = dict(Customer.objects.values_list("source_key", "kind"))
    seen = {"company": 0, "person": 0}
    for customer, link in sorted((who, link) for link, who in asked(plan)):
        kind = kinds[customer]
        seen[kind] += 1
        if kind == "company" or seen[kind] % 2:
            mark = "2" if kind == "company" and seen[kind] % 2 else "5"
            send_answers(link, {"overall": [mark]}, at=AT)


def asked(plan: WavePlan) -> list[tuple[str, str]]:
    """The link and the number of everybody who was asked."""
    keys = plan.wave.sheets.order_by("customer_id", "id").values_list("customer__source_key", flat=True)
    return list(zip(links_of(plan), keys, strict=True))


def test_margins_are_entered_frozen_and_reached(browser, live_site) -> None:
    people(CUSTOMERS)
    companies = [f"C{number}" for number in range(0, CUSTOMERS, CUSTOMERS // COMPANIES)]
    Customer.objects.filter(source_key__in=companies).update(kind="company")
    with reading(browser, live_site, party="a", language="zh-hans", path="/surveys/plan/") as reader:
        page = reader.page
        page.get_by_label("调查客户数").fill(str(CUSTOMERS))
        for attribute in ("客户类型", "省份"):
            reader.tab_to(attribute)
            page.keyboard.press("Space")
        reader.follow("预估")
        # What is wrong comes back in place, with what was entered.
        reader.follow("取用抽样框的人数")
        assert [row[:3] for row in reader.rows("客户类型")] == [["企业", "80", "20.0%"], ["个人", "320", "80.0%"]]
        page.get_by_label("企业", exact=True).fill("81")
        reader.follow("抽样并开放")
        assert "各属性的合计不一致：客户类型：401；省份：400。" in reader.card("已知边际")
        assert page.get_by_label("企业", exact=True).input_value() == "81"
        assert ["422" in said for said in reader.said] == [True]
        reader.said.clear()
        # From a spreadsheet: fewer companies than the frame says, for the list of customers is not the whole market.
        page.get_by_text("从表格粘贴").click()
        lines = ("客户类型\t企业\t10%", "客户类型\t个人\t90%", "省份\t南京\t25%", "省份\t苏州\t75%")
        page.get_by_label(re.compile("表格中的行")).fill("\n".join(lines))
        reader.follow("填入表格")
        assert page.get_by_label("企业", exact=True).input_value() == "10"
        reader.follow("抽样并开放")
        plan = WavePlan.objects.select_related("wave").get()
        assert plan.margins_hash in reader.card("抽样框与抽样")
        assert "由 林知夏 冻结" in reader.card("已知边际")
        assert [row[:3] for row in reader.rows("已知边际")] == [
            ["客户类型", "企业", "10"],
            ["客户类型", "个人", "90"],
            ["省份", "南京", "25"],
            ["省份", "苏州", "75"],
        ]
        send(plan)
        page.reload()
        reader.look()
        reader.follow("关闭波次")
        expect(page.get_by_text("边际全部达到")).to_be_visible()
        # 200 of 240 answers, but only one customer in ten is a company, and half of these are satisfied.
        shares = [row[:2] for row in reader.rows("同一批答卷，加权与未加权")]
        assert shares == [["未加权", "83.3%"], ["按抽样权重", "83.3%"], ["按边际校准 用于判定", "95.0%"]]
        assert [[row[2], row[4], row[5]] for row in reader.rows("边际")] == [
            ["10.00%", "10.00%", "达到"],
            ["90.00%", "90.00%", "达到"],
            ["25.00%", "25.00%", "达到"],
            ["75.00%", "75.00%", "达到"],
        ]
        assert reader.card("结果").startswith("结果 达标 95.0%")
    path = f"/surveys/waves/{plan.pk}/result/"
    with reading(browser, live_site, party="auditor", language="en", path=path) as reader:
        assert "all margins reached" in reader.card("Weighted to known margins")
