"""Reads CSV, packed or not, in any understood encoding and with any usual separator."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from shouyue.store.tabular import limits
from shouyue.store.tabular.header import checked_columns
from shouyue.store.tabular.records import Fault, Records
from shouyue.store.tabular.refusals import refuse
from shouyue.store.tabular.rows import BadRow, Row, bad_row
from shouyue.store.tabular.table import Table
from shouyue.store.tabular.text_source import TextSource

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_LINES = 50
_SAMPLE_CHARS = 200_000
_EXCEL_HINT = re.compile(r"sep=(.)[\r\n]*")


class CsvTable(Table):
    """A CSV file; see Table."""

    kind = "csv"

    def __init__(self, path: Path, *, packed: bool, required: Sequence[str]) -> None:
        self._source = TextSource(path, packed=packed)
        self.encoding = self._source.encoding.codec
        sample = self._sample()
        if not "".join(sample).strip():
            refuse("empty", name=path.name)
        hint = _EXCEL_HINT.fullmatch(sample[0])
        self._lines_before = 1 if hint else 0
        self._delimiter = hint[1] if hint else _likely_delimiter(sample, required)
        if not self._delimiter:
            refuse("no-delimiter", name=path.name)
        header = self._header()
        self._width = len(header)
        self.columns = checked_columns(header, name=path.name, required=required)
        if next(self.rows(), None) is None:
            refuse("header-only", name=path.name)

    def rows(self) -> Iterator[Row]:
        """See Table.rows."""
        try:
            with self._source.open_text() as text:
                records = self._records(text)
                numbered = enumerate(records)
                next(numbered)  # the header
                if self._width == len(self.columns):
                    yield from self._exact(records, numbered)
                else:
                    yield from self._cut(records, numbered)
        except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeError):
            refuse("gzip-broken", name=self._source.name)  # whole a moment ago: somebody replaces the file

    def close(self) -> None:
        """See Table.close. Every reading opens the file for itself, so nothing stays open."""

    def _exact(self, records: Records, numbered: Iterator[tuple[int, list[str] | Fault]]) -> Iterator[Row]:
        width = self._width
        for number, cells in numbered:
            if isinstance(cells, list) and len(cells) == width:
                yield number, cells
            else:
                yield self._bad(number, cells, records)

    def _cut(self, records: Records, numbered: Iterator[tuple[int, list[str] | Fault]]) -> Iterator[Row]:
        """Rows of a file whose last columns have no name: they may be left out if they are empty."""
        kept = len(self.columns)
        for number, cells in numbered:
            if isinstance(cells, list) and len(cells) == self._width and not any(cells[kept:]):
                yield number, cells[:kept]
            else:
                yield self._bad(number, cells, records)

    def _bad(self, number: int, cells: list[str] | Fault, records: Records) -> BadRow:
        if isinstance(cells, list):
            found = len(cells)
            return bad_row(number, "field-count", records.raw(), found=found, wanted=len(self.columns))
        details = {"encoding": self.encoding, "limit_kb": limits.CELL_MAX // 1000}
        return bad_row(number, cells.code, records.raw(), **details)

    def _records(self, text: Iterator[str]) -> Records:
        lines = islice(text, self._lines_before, None)
        return Records(lines, delimiter=self._delimiter, name=self._source.name)

    def _header(self) -> list[str]:
        with self._source.open_text() as text:
            header = next(iter(self._records(text)), None)
        if not isinstance(header, list):
            refuse("header-broken", name=self._source.name)
        return header

    def _sample(self) -> list[str]:
        """The first lines; a few are enough, because lines may be long."""
        with self._source.open_text() as text:
            lines: list[str] = []
            chars = 0
            for line in islice(text, _SAMPLE_LINES):
                lines.append(line)
                chars += len(line)
                if chars > _SAMPLE_CHARS:
                    break
            return lines


def _likely_delimiter(lines: Sequence[str], required: Sequence[str]) -> str:
    """The separator that finds most required columns, then fits most rows; "" if none separates anything."""
    best, best_fit = "", (0, 0.0, 1)
    for delimiter in _DELIMITERS:
        try:
            records = [record for record in csv.reader(lines, delimiter=delimiter) if record]
        except csv.Error:
            continue
        header = [name.strip() for name in records[0]] if records else []
        wanted = sum(name in header for name in required)
        alike = sum(len(record) == len(header) for record in records) / max(len(records), 1)
        if (len(header) > 1 or wanted) and (wanted, alike, len(header)) > best_fit:
            best, best_fit = delimiter, (wanted, alike, len(header))
    return best
