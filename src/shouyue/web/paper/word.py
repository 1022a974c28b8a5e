"""Papers as Word documents, and the lines of a Word document that somebody brings."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from shouyue.web.paper.blocks import Block, Fields, Grid, Heading, NewPage, Paper, Text, paper_digest

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HANZI = "宋体"
_LATIN = "Times New Roman"
_GREY = RGBColor(0x5B, 0x5E, 0x66)
_MOMENT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)  # of every file: equal papers are equal files
_TEXT_CM = 16.0
UNPACKED_MAX, PARTS_MAX = 50_000_000, 1_000


class NotADocumentError(Exception):
    """The bytes are no Word document that can be read; the text says why."""


def as_docx(paper: Paper) -> bytes:
    """The paper as .docx on A4 with its digest at the end. Equal papers are equal files."""
    document = docx.Document()
    _dress(document)
    title = document.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(paper.title)
    note = document.add_paragraph()
    note.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _grey(note, paper.note)
    for block in paper.blocks:
        _add(document, block)
    closing = document.add_paragraph()
    closing.paragraph_format.space_before = Pt(24)
    _grey(closing, paper.closing)
    _grey(document.add_paragraph(), f"{paper.digest_label} {paper_digest(paper)}")
    _number_pages(document, paper.title)
    properties = document.core_properties
    properties.title, properties.author = paper.title, ""
    properties.created = properties.modified = _MOMENT
    made = BytesIO()
    document.save(made)
    return _without_times(made.getvalue())


def docx_lines(content: bytes) -> list[str]:
    """The text of a .docx line by line, tables row by row with their cells parted by a colon; empty lines left out.

    Raises NotADocumentError: not a .docx, or one that unpacks to more than a contract ever needs.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_MAX:
                raise NotADocumentError("it unpacks to more than a contract ever needs")
        document = docx.Document(BytesIO(content))
    except NotADocumentError:
        raise
    # python-docx passes on whatever zip and XML say about a file that is something else.
    except Exception as wrong:
        raise NotADocumentError(str(wrong)) from wrong
    lines: list[str] = []
    for part in document.iter_inner_content():
        lines += _table_lines(part) if isinstance(part, Table) else part.text.splitlines()
    return [line.strip() for line in lines if line.strip()]


def _table_lines(table: Table) -> list[str]:
    return [":".join(cell.text.strip() for cell in row.cells) for row in table.rows]


def _dress(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.4)
    for name, size in (("Normal", 10.5), ("Title", 20), ("Heading 1", 14), ("Heading 2", 11.5)):
        style = document.styles[name]
        font = style.font
        font.name, font.size, font.color.rgb = _LATIN, Pt(size), RGBColor(0x1C, 0x1D, 0x21)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _HANZI)


def _add(document: Document, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(block.text, level=block.level)
    elif isinstance(block, Text):
        paragraph = document.add_paragraph(f"{block.label}{block.text}")
        paragraph.paragraph_format.line_spacing = 1.4
        if block.label:
            paragraph.paragraph_format.left_indent = Cm(0.8)
    elif isinstance(block, Fields):
        for label, value in block.rows:
            document.add_paragraph(f"{label}：{value}")
    elif isinstance(block, Grid):
        _add_grid(document, block)
    elif isinstance(block, NewPage):
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _add_grid(document: Document, grid: Grid) -> None:
    table = document.add_table(rows=1, cols=len(grid.heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, grid.heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    for row in grid.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    for line in table.rows:
        for cell, width in zip(line.cells, grid.widths, strict=True):
            cell.width = Cm(_TEXT_CM * width / sum(grid.widths))
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(9)
    document.add_paragraph()


def _grey(paragraph: Paragraph, words: str) -> None:
    run = paragraph.add_run(words)
    run.font.size, run.font.color.rgb = Pt(8.5), _GREY


def _number_pages(document: Document, title: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    _grey(paragraph, f"{title}    ")
    run = paragraph.add_run()
    run.font.size = Pt(8.5)
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._r.append(element)


def _without_times(content: bytes) -> bytes:
    """The same archive with one moment for all its parts."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, date_time=(2023, 11, 14, 22, 13, 20))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(part.filename))
    return made.getvalue()
