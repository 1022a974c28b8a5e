"""The contract on paper: every clause is there, two originals are one file, the digest is of the words."""

from datetime import date
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from shouyue.agreement.papers.queries import annex_paper, contract_paper, termination_paper
from shouyue.agreement.terms.actions import sign_agreement
from shouyue.agreement.terms.models import Agreement
from shouyue.agreement.terms.register import template
from shouyue.agreement.terms.tests.sample_terms import SIGNED_AT, terms
from shouyue.store.models import Staff
from shouyue.web.paper import Paper, Text, as_docx, as_pdf, docx_lines, paper_digest
from shouyue.web.paper.pdf import GlyphsMissingError
from shouyue.web.paper.word import NotADocumentError

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 22)


@pytest.fixture
def signed() -> Agreement:
    return sign_agreement(terms(), by="staff:1", at=SIGNED_AT)


@pytest.fixture(autouse=True)
def in_chinese():
    with override("zh-hans"):
        yield


def _read_pdf(content: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def test_the_word_document_has_every_clause_and_both_parties(signed: Agreement) -> None:
    text = "\n".join(docx_lines(as_docx(contract_paper(signed, on=ON))))
    missing = [
        each.number
        for each in template("one_year").clauses
        if each.title_zh not in text or (each.text_zh and each.text_zh not in text)
    ]
    assert missing == []
    for words in ("甲方名称：云杉百货有限公司", "乙方名称：知行客户服务有限公司", "法定代表人：林知夏"):
        assert words in text


def test_the_pdf_says_the_same_and_ends_with_the_digest(signed: Agreement) -> None:
    paper = contract_paper(signed, on=ON)
    pages = _read_pdf(as_pdf(paper))
    whole = "".join(pages)
    wanted = [each.text_zh for each in template("one_year").clauses if each.text_zh]
    assert [text for text in wanted if "".join(text.split())[:12] not in whole] == []
    assert paper_digest(paper) in pages[-1]
    assert "一式两份" in pages[-1]


def test_two_originals_are_the_same_file(signed: Agreement) -> None:
    first, second = contract_paper(signed, on=ON), contract_paper(signed, on=ON)
    assert as_pdf(first) == as_pdf(second)
    assert as_docx(first) == as_docx(second)


def test_another_word_is_another_digest(signed: Agreement) -> None:
    before = paper_digest(contract_paper(signed, on=ON))
    signed.parties.filter(side="b").update(phone="0512-5555 0199")
    assert paper_digest(contract_paper(Agreement.objects.prefetch_related("parties").get(), on=ON)) != before


def test_the_annexes_hold_the_plans_and_the_file_of_the_end_what_survives(signed: Agreement) -> None:
    texts = ["\n".join(docx_lines(as_docx(annex_paper(signed, which, on=ON)))) for which in (1, 2)]
    assert "客户需求分析" in texts[0]
    assert "完成客户关系管理方案的制定和实施" in texts[0]
    assert "为各客户群制定优惠" in texts[1]
    assert "为各客户群制定优惠" not in texts[0]
    ending = "\n".join(docx_lines(as_docx(termination_paper(signed, on=ON))))
    assert "合同终止后，保密义务继续有效" in ending
    with pytest.raises(ValueError, match="annexes 1 and 2"):
        annex_paper(signed, 3, on=ON)


def test_a_glyph_that_no_font_has_is_an_error_and_not_a_blank() -> None:
    paper = Paper(title="\N{CUNEIFORM SIGN A}", note="", blocks=[Text("")], closing="", digest_label="")
    with pytest.raises(GlyphsMissingError):
        as_pdf(paper)


def test_words_are_never_read_as_markup(signed: Agreement) -> None:
    paper = Paper(title="#panic()", note="*a* $x$", blocks=[Text('#read("/etc") \\ []')], closing="", digest_label="")
    assert '#read("/etc")' in _read_pdf(as_pdf(paper))[0]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", b"%PDF-1.7"])
def test_what_is_no_word_document_is_refused(content: bytes) -> None:
    with pytest.raises(NotADocumentError):
        docx_lines(content)


@pytest.mark.parametrize("name", ["contract", "annex-1", "annex-2", "termination"])
def test_each_paper_can_be_taken_home_in_both_forms(client: Client, signed: Agreement, name: str) -> None:
    client.force_login(Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    page = client.get("/agreement/").content.decode()
    for ending, start in (("pdf", b"%PDF-"), ("docx", b"PK")):
        address = f"/agreement/papers/{name}.{ending}"
        assert f'href="{address}"' in page
        answer = client.get(address)
        assert (answer.status_code, answer.content[: len(start)]) == (200, start)
    assert client.get(f"/agreement/papers/{name}.exe").status_code == 404
    assert client.get("/agreement/papers/other.pdf").status_code == 404
