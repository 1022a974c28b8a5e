"""Reads a sheet of an Excel workbook through a child process with limits on time and memory."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn
from zipfile import BadZipFile, ZipFile

import orjson

from shouyue.store.tabular import limits
from shouyue.store.tabular.header import checked_columns
from shouyue.store.tabular.refusals import refuse
from shouyue.store.tabular.rows import Row, bad_row
from shouyue.store.tabular.table import Table

_READER = Path(__file__).with_name("xlsx_reader.py")
_TIMES: Mapping[str, Callable[[str], object]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}
# The limits end the child with one of these; any other end is a workbook that made calamine fail.
_TOO_HEAVY = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT)
_ENCRYPTED = 0x1


class XlsxTable(Table):
    """A sheet of a workbook; see Table."""

    kind = "xlsx"

    def __init__(self, path: Path, *, required: Sequence[str], sheet: str | None) -> None:
        self._path = path
        self._wanted = sheet or ""
        self._child: subprocess.Popen[bytes] | None = None
        _check_archive(path)
        try:
            answer = self._start()
            self._wanted = self.sheet = answer["sheet"]
            self.sheets = tuple(answer["sheets"])
            self._width = len(answer["columns"])
            self.columns = checked_columns(answer["columns"], name=path.name, required=required)
            self._first = self._next()
            if not self._first:
                refuse("header-only", name=path.name)
        except BaseException:
            self.close()
            raise

    def rows(self) -> Iterator[Row]:
        """See Table.rows. The first call reads on where opening stopped; a later one starts over."""
        if self._child is None:
            self._start()
            self._first = self._next()
        number = 0
        try:
            some: Any = self._first
            while isinstance(some, list):
                for number, row in enumerate(some, number + 1):  # noqa: B020 - counts on over the batches
                    yield self._row(number, row)
                some = self._next()
            if number != some["rows"]:
                refuse("xlsx-broken", name=self._path.name)
        finally:
            self.close()

    def close(self) -> None:
        """See Table.close."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()

    def _row(self, number: int, row: Any) -> Row:
        if isinstance(row, dict):
            return bad_row(number, row.pop("bad"), row.pop("raw"), **row)
        kept = len(self.columns)
        if any(cell is not None for cell in row[kept:]):
            shown = " | ".join("" if cell is None else str(cell) for cell in row)
            return bad_row(number, "field-count", shown, found=len(row), wanted=kept)
        return number, [_value(cell) for cell in row[:kept]]

    def _start(self) -> dict[str, Any]:
        """Start the child; its first answer."""
        wanted = {
            "path": str(self._path.resolve()),
            "sheet": self._wanted,
            "seconds": limits.XLSX_SECONDS_MAX,
            "memory": limits.XLSX_MEMORY_MAX,
            "cell_max": limits.CELL_MAX,
            "row_max": limits.RECORD_MAX,
        }
        self._child = subprocess.Popen(
            [sys.executable, "-I", str(_READER), orjson.dumps(wanted).decode()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
        answer: dict[str, Any] = self._next()
        return answer

    def _next(self) -> Any:
        """The child's next line; refuses the workbook if the child refused it or did not live to the end."""
        if self._child is None or self._child.stdout is None:
            raise ValueError("the table is closed")
        line = self._child.stdout.readline()
        if not line.endswith(b"\n"):
            self._refuse_for(self._child.wait())
        answer = orjson.loads(line)
        if isinstance(answer, dict) and "refused" in answer:
            self._refuse(answer["refused"], tuple(answer.get("found", ())))
        return answer

    def _refuse_for(self, exit_code: int) -> NoReturn:
        self._refuse("xlsx-too-heavy" if exit_code in _TOO_HEAVY else "xlsx-broken", ())

    def _refuse(self, code: str, found: tuple[str, ...]) -> NoReturn:
        refuse(code, name=self._path.name, seconds=limits.XLSX_SECONDS_MAX, sheet=self._wanted, found=found)


def _check_archive(path: Path) -> None:
    """Refuses what would unpack to too much, before anything is unpacked."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        refuse("xlsx-broken", name=path.name)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        refuse("xlsx-password", name=path.name)
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > limits.XLSX_ENTRIES_MAX
        or unpacked > limits.XLSX_UNPACKED_MAX
        or unpacked > limits.XLSX_RATIO_MAX * path.stat().st_size
    ):
        refuse(
            "xlsx-bomb",
            name=path.name,
            limit_mb=limits.XLSX_UNPACKED_MAX // limits.MEGABYTE,
            ratio=limits.XLSX_RATIO_MAX,
            entries=limits.XLSX_ENTRIES_MAX,
        )


def _value(cell: Any) -> object:
    if isinstance(cell, float):
        # Excel shows 15 digits and calls 0.1 + 0.2 equal to 0.3; what a computed cell holds beyond them is noise.
        return Decimal(f"{cell:.15g}")
    if isinstance(cell, list):
        return _TIMES[cell[0]](cell[1])
    return cell
