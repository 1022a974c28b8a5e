"""Clauses 8.1(3), 10, 11, 13: plans are kept, facts told, a dispute referred, the contract ended by its checklist."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shouyue.agreement.proceedings.actions import Move, Opening, move, open_proceeding
from shouyue.agreement.proceedings.rules.termination import ITEMS
from shouyue.agreement.public import AgreementTerms, live_a_year, sign_agreement
from shouyue.kernel import clock
from shouyue.store.models import Staff
from tests.stories.company import PARTY_A, PARTY_B
from tests.stories.reader import PASSWORD, reading

pytestmark = pytest.mark.browser


@pytest.fixture
def in_the_eighth_month(live_site):
    """A lived year; 31 days ago A gave notice, of which all but B's last item is confirmed, and B opened a dispute."""
    now = clock.now()
    today = clock.day_in("Asia/Shanghai", now)
    terms = AgreementTerms(
        number="SY-1",
        party_a=PARTY_A,
        party_b=PARTY_B,
        starts_on=today - timedelta(days=220),
        institution="苏州仲裁委员会",
    )
    agreement = sign_agreement(terms, by="story", at=now - timedelta(days=221))
    a, b = (
        Staff.objects.create_user(f"{party}@reader.example", PASSWORD, name=name, party=party)
        for party, name in (("a", "林知夏"), ("b", "周远"))
    )
    live_a_year(agreement, a=a, b=b, until=today)
    then = now - timedelta(days=31)
    opening = Opening(id=uuid4(), kind="termination", ground="force_majeure", text="园区店因洪水停业，无法恢复。")
    ending = open_proceeding(agreement, opening, by=a, at=then)
    for who in (a, b):
        for item in ITEMS if who is a else ITEMS[:-1]:
            move(ending.pk, Move(id=uuid4(), step="tick", item=item, text="已办结。"), by=who, at=then)
    dispute = Opening(id=uuid4(), kind="dispute", text="双方对三起投诉的责任有争议。")
    open_proceeding(agreement, dispute, by=b, at=then)
    return live_site


def test_the_parties_plan_tell_dispute_and_end(browser, in_the_eighth_month):
    site = in_the_eighth_month
    with reading(browser, site, party="a", language="zh-hans", path="/agreement/plans/") as a:
        assert a.heading() == "方案"
        a.follow("季度满意度调查")
        assert "已履行" in a.text(".page-head")
        a.page.goto(site.path("/agreement/disclosures/"))
        a.follow("仓库搬迁，预计两周内发货变慢。")
        a.page.get_by_label("告知内容").fill("仓库搬迁，预计两周内发货变慢，已通知门店。")
        a.follow("告知")
        assert "按时告知" in a.text(".page-head")
    with reading(browser, site, party="b", language="zh-hans", path="/agreement/proceedings/") as b:
        assert b.heading() == "争议与解除"
        b.follow("争议 1")
        b.page.get_by_label("处理方式").select_option("refer")
        b.page.get_by_label("说明").fill("协商三十日未果，提交约定机构。")
        b.page.get_by_label("附加文件").set_input_files(
            {"name": "申请书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 application"}
        )
        b.follow("提交")
        assert "机构处理中" in b.text(".page-head")
        assert "申请书.pdf" in b.card("卷宗")
        b.page.goto(site.path("/agreement/proceedings/"))
        b.follow("合同解除 1")
        b.page.get_by_label("处理方式").select_option("tick")
        b.page.get_by_label("清单事项").select_option("records")
        b.page.get_by_label("说明").fill("资料已全部移交。")
        b.follow("提交")
        b.page.get_by_label("处理方式").select_option("close")
        b.page.get_by_label("说明").fill("清单办结，通知期已满。")
        b.follow("提交")
        assert "已终止" in b.text(".page-head")
