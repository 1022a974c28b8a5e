"""The quarterly report says what the scoreboard says, in Chinese and English, the same from the same records."""

from io import BytesIO

from pypdf import PdfReader

from shouyue.kernel import clock
from shouyue.scoreboard.queries.board import board_today
from shouyue.scoreboard.report import quarterly_paper
from shouyue.scoreboard.tests.test_measures import measured, reader  # noqa: F401 fixtures are found by name
from shouyue.web.paper import as_docx, docx_lines, paper_digest


def test_the_report_holds_every_figure_and_obligation_of_the_board(reader):  # noqa: F811 the fixture
    board = board_today(None, at=clock.now())
    text = "\n".join(docx_lines(as_docx(quarterly_paper(board))))
    shown = [card.figure for card in board.cards.values() if card.figure]
    assert shown
    assert [figure for figure in shown if f"{figure.kept:,} / {figure.asked:,}" not in text] == []
    assert [row.title for row in board.duties if row.title not in text] == []
    assert paper_digest(quarterly_paper(board)) == paper_digest(quarterly_paper(board))


def test_the_report_is_one_click_from_the_board(reader):  # noqa: F811 the fixture
    page = reader.get("/scoreboard/").content.decode()
    for ending, start in (("pdf", b"%PDF-"), ("docx", b"PK")):
        assert f'href="/scoreboard/report.{ending}?quarter=' in page
        answer = reader.get(f"/scoreboard/report.{ending}")
        assert (answer.status_code, answer.content[: len(start)]) == (200, start)
    assert reader.get("/scoreboard/report.exe").status_code == 404


def test_the_pdf_ends_with_the_digest_of_its_words(reader):  # noqa: F811 the fixture
    reader.cookies["shouyue_language"] = "zh-hans"
    pages = [page.extract_text() for page in PdfReader(BytesIO(reader.get("/scoreboard/report.pdf").content)).pages]
    assert "季度履约报告" in pages[0]
    assert "SHA-256" in pages[-1]
