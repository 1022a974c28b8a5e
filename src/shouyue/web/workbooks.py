"""Tables out of the product as Excel workbooks, written as a stream: memory does not grow with the rows."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

ROWS_MAX: Final = 1_048_576  # of one sheet; the rest goes to the next one
_DIGITS_MAX = 15  # Excel keeps no more of a number
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CONTROLS = {code: None for code in range(32) if code not in {9, 10, 13}} | {0xFFFE: None, 0xFFFF: None}


class Workbook:
    """Writes one table; use it in a `with` statement. The first row of each sheet holds the heads.

    Text is text: a cell that starts like a formula is none. Numbers of up to 15 digits are numbers.
    """

    def __init__(self, path: Path, heads: Sequence[object], *, rows_max: int = ROWS_MAX) -> None:
        self._archive = ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1)
        self._heads, self._rows_max = heads, rows_max
        self._sheets = self._rows = 0
        self._part: IO[bytes] | None = None

    def write(self, rows: Iterable[Sequence[object]]) -> None:
        """Append rows."""
        for row in rows:
            if self._part is None or self._rows >= self._rows_max:
                self._next_sheet()
            self._line(row)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            if self._part is None:
                self._next_sheet()
            self._end_sheet()
            self._write_book()
        elif self._part is not None:
            self._part.close()
        self._archive.close()

    def _next_sheet(self) -> None:
        self._end_sheet()
        self._sheets, self._rows = self._sheets + 1, 0
        self._part = self._archive.open(f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True)
        self._part.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
        self._line([str(head) for head in self._heads])

    def _line(self, row: Sequence[object]) -> None:
        assert self._part is not None  # noqa: S101 for the type checker; write() has opened it
        self._rows += 1
        self._part.write(f"<row>{''.join(map(_cell, row))}</row>".encode())

    def _end_sheet(self) -> None:
        if self._part is not None:
            self._part.write(b"</sheetData></worksheet>")
            self._part.close()
            self._part = None

    def _write_book(self) -> None:
        numbers = range(1, self._sheets + 1)
        sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="s{n}"/>' for n in numbers)
        links = "".join(
            f'<Relationship Id="s{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
        )
        for name, content in {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
            f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
            f'PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{parts}</Types>',
        }.items():
            self._archive.writestr(name, content)


def _cell(value: object) -> str:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        text = str(value)
        if sum(one.isdigit() for one in text) <= _DIGITS_MAX:
            return f"<c><v>{text}</v></c>"
    text = "" if value is None else str(value)
    if not text:
        return "<c/>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text.translate(_CONTROLS))}</t></is></c>'
