"""The quarterly report says what the scoreboard says, in Chinese and English, the same from the same records."""

from datetime import date
from io import BytesIO

from django.utils.translation import override
from pypdf import PdfReader

from shouyue.kernel import clock
from shouyue.scoreboard.queries.board import board, board_today
from shouyue.scoreboard.report import quarterly_paper
from shouyue.scoreboard.tests.test_measures import measured, reader  # noqa: F401 fixtures are found by name
from shouyue.surveys.results.tests.test_remeasuring import (  # noqa: F401 fixtures are found by name
    AUGUST,
    MAY,
    parties,
    planned,
    signed,
    wave,
)
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


def test_the_report_says_what_became_of_the_results_that_measures_answer(signed, parties):  # noqa: F811 fixtures
    first = wave(MAY, 70)
    planned(signed, parties, f"{first.wave_id}:all:")
    wave(AUGUST, 92, seed="cd" * 32)
    told = {}
    for quarter in ("2026Q1", "2026Q2", "2026Q3"):
        with override("zh-hans"):
            report = quarterly_paper(board(signed, wanted=quarter, today=date(2026, 10, 9)))
        told[quarter] = "\n".join(docx_lines(as_docx(report)))
    assert "改进0" not in told["2026Q1"]
    assert "此后还没有再问过同样的问题。" in told["2026Q2"]
    assert "比之前好。" in told["2026Q3"]
