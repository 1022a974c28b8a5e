"""Clause 5.1: the next version's tiers are written, tried and published, a tier is sold and ended: all by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from shouyue.kernel import clock
from shouyue.membership.programme.models import ProgrammeVersion
from shouyue.membership.tiers.models import TierPass
from shouyue.membership.tiers.tests.ground import bought, member, published
from tests.stories.reader import reading

pytestmark = pytest.mark.browser


def write(reader, label: str, words: str) -> None:
    """Into the field of that label, as somebody types who replaces what stands there."""
    reader.tab_to(label)
    reader.page.keyboard.press("Control+A")
    reader.page.keyboard.type(words)


def test_tiers_are_written_tried_and_published_and_a_tier_is_sold_and_ended(browser, live_site) -> None:
    today = timezone.localdate(clock.now())
    published(starts_on=today - timedelta(days=400))
    who = member("A1", joined_on=today - timedelta(days=9))
    bought(who, today, 4_500)
    with reading(browser, live_site, party="a", language="zh-hans", path="/membership/draft/tiers/") as reader:
        page = reader.page
        reader.follow("修改：金卡")
        write(reader, "门槛（元）", "1000")
        reader.follow("存入草案")
        expect(page.get_by_text("“银卡”的门槛已是这个数")).to_be_visible()
        assert ["422" in line for line in reader.said] == [True]  # the browser tells of the refusal, nothing else
        reader.said.clear()
        write(reader, "门槛（元）", "4000")
        write(reader, "售价（元）", "299")
        write(reader, "有效月数", "12")
        reader.follow("存入草案")
        expect(
            page.get_by_text("金卡：满 ¥4,000.00，积分 1.5 倍，也可付费 ¥299.00 开通 12 个月。").first
        ).to_be_visible()

        reader.follow("看看谁的等级会变")
        reader.follow("开始试算")
        for when in ("立即", "下次复核时"):
            moved = page.get_by_role("table", name=when)
            expect(moved.get_by_role("row", name="银卡 金卡 升级 1")).to_be_visible()

        page.goto(live_site.path("/membership/draft/tiers/"))
        reader.follow("发布…")
        page.get_by_label("生效日期").fill(today.isoformat())
        reader.follow("发布")
        assert ProgrammeVersion.objects.get(version=2).content["tiers"]["steps"][2]["minimum_fen"] == 400_000

        page.goto(live_site.path(f"/membership/members/{who}/"))
        reader.follow("售出或赠予")
        page.get_by_label("等级", exact=True).select_option(label="金卡")
        write(reader, "价格（元）", "299")
        write(reader, "理由", "周年活动")
        reader.follow("记录")
        expect(page.get_by_text("付费等级，有效至")).to_be_visible()
        reader.follow("结束")
        write(reader, "理由", "退款")
        reader.follow("今天结束")
        expect(page.get_by_text("退款")).to_be_visible()
        reader.follow("撤销")
        expect(page.get_by_text("生效中")).to_be_visible()
        row = TierPass.objects.get()
        assert (row.price_fen, row.why, row.ended_on) == (29_900, "周年活动", None)
