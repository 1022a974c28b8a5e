"""Clauses 6.1, 12.1, 14.1, 14.2: a draft is read from Word, filled in, signed by both, amended by agreement."""

import base64

import pytest

from shouyue.agreement.signing.tests.source_contract import as_word
from tests.stories.reader import reading

pytestmark = pytest.mark.browser
SEAL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_both_parties_sign_the_same_words_and_amend_them(browser, live_site):
    with reading(browser, live_site, party="a", language="zh-hans", path="/agreement/drafts/") as a:
        a.page.get_by_label("合同编号").fill("SY-2026-009")
        a.page.get_by_label("Word 文件").set_input_files({"name": "合同.docx", "mimeType": WORD, "buffer": as_word()})
        a.follow("开始起草")
        assert a.heading() == "草案 SY-2026-009"
        assert "采用文件原文 11 处" in a.text(".notice")
        address = a.page.url.removeprefix(live_site.url)
        _name_signatory(a)
        _sign(a, "spruce and jade 7")
        assert "林知夏 已签署，密钥签名验证通过" in a.card("签署")
    with reading(browser, live_site, party="b", language="zh-hans", path=address) as b:
        _name_signatory(b)
        # B's naming its signatory is a change of the words: A's signature no longer counts.
        assert "有 1 个签名属于此前文本，不再有效。" in b.card("签署")
        _sign(b, "river stone moon 9")
    with reading(browser, live_site, party="a", language="zh-hans", path=address) as a:
        _sign(a, "spruce and jade 7")
        assert "双方已签署" in a.text(".page-head")
        a.page.goto(live_site.path("/agreement/amendments/new/target/?subject=satisfaction"))
        a.look()
        a.page.get_by_label("新目标（%）").fill("92")
        a.page.get_by_label("理由").fill("首季结果好于预期，双方同意提高目标。")
        a.page.get_by_label("签名密钥口令").fill("spruce and jade 7")
        a.follow("签署并提出")
        assert "待对方签署" in a.text(".page-head")
        amendment = a.page.url.removeprefix(live_site.url)
    with reading(browser, live_site, party="b", language="zh-hans", path=amendment) as b:
        b.page.get_by_label("签名密钥口令").fill("river stone moon 9")
        b.follow("签署同意")
        assert "已同意" in b.text(".page-head")
        b.page.goto(live_site.path("/agreement/clauses/3.1/"))
        assert [row[1] for row in b.rows("本条的目标")] == ["≥ 92%", "≥ 100%"]


def _name_signatory(reader):
    reader.follow("填写E")
    reader.page.get_by_label("本方授权代表").select_option("林知夏")
    reader.follow("保存")


def _sign(reader, passphrase):
    reader.page.get_by_label("印章图片").set_input_files({"name": "s.png", "mimeType": "image/png", "buffer": SEAL})
    reader.page.get_by_label("签名密钥口令").fill(passphrase)
    again = reader.page.get_by_label("再次输入口令")
    if again.count():
        again.fill(passphrase)
    reader.page.get_by_label("本人已获本方授权").check()
    reader.follow("签字盖章")
