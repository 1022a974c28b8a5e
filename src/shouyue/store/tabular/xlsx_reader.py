"""Child process: reads one sheet with calamine and writes its rows to standard output.

Runs as a script of its own, without this package and without Django: it starts at once, and a hostile workbook
meets only a process with limits. Argument: one JSON object with path, sheet ("" for the first visible one that is
not empty), seconds of processor time, memory (bytes of address space), cell_max and row_max (characters).
Output, one JSON value a line: first {"sheets", "sheet", "columns"} or {"refused": code, …}; then lists of rows;
last {"rows": how many}. A cell is a string, number, boolean, null or [type, text]; a bad row is {"bad", "raw", …}.
"""

import datetime as dt
import posixpath
import re
import resource
import sys
from collections.abc import Iterable, Iterator
from typing import IO, Any, BinaryIO, TypeAlias
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

import orjson
import python_calamine as calamine

# Cells that calamine reads as empty although they hold something: formulas without a result, and errors.
_SUSPECT = re.compile(rb"<(\w+:)?f[\s/>]|\st=[\"']e[\"']")
_RAW_CHARS = 501
_LINE_BYTES = 100_000
_WHOLE_BELOW = 1e18

Fault: TypeAlias = dict[str, str]  # {"bad": code, …}: why a row cannot be read
Found: TypeAlias = tuple[list[Any], Fault | None]


def run(wanted: dict[str, Any], out: BinaryIO) -> None:
    """Read the sheet that is wanted and write it to `out`."""
    resource.setrlimit(resource.RLIMIT_AS, (wanted["memory"], wanted["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (wanted["seconds"], wanted["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer, rows = _opened(wanted["path"], wanted["sheet"])
        _write(out, answer)
        if "columns" in answer:
            _write_rows(out, (_packed(row, fault, wanted) for row, fault in rows))
    except calamine.PasswordError:
        _write(out, {"refused": "xlsx-password"})
    except (calamine.CalamineError, BadZipFile, ET.ParseError, KeyError, ValueError):
        _write(out, {"refused": "xlsx-broken"})
    except MemoryError:
        _write(out, {"refused": "xlsx-too-heavy"})


def _opened(path: str, wanted: str) -> tuple[dict[str, Any], Iterator[Found]]:
    """The first answer, and the rows below the header without blank ones."""
    book = calamine.CalamineWorkbook.from_path(path)
    sheets = [
        one.name
        for one in book.sheets_metadata
        if one.typ == calamine.SheetTypeEnum.WorkSheet and one.visible == calamine.SheetVisibleEnum.Visible
    ]
    if wanted and wanted not in book.sheet_names:
        return {"refused": "xlsx-sheet-missing", "found": sheets}, iter(())
    for name in [wanted] if wanted else sheets:
        rows = _filled_rows(book.get_sheet_by_name(name), _faults(path, name))
        header = next(rows, None)
        if header is not None:
            return {"sheets": sheets, "sheet": name, "columns": [_text(cell) for cell in header[0]]}, rows
    return {"refused": "xlsx-no-sheet"}, iter(())


def _filled_rows(sheet: calamine.CalamineSheet, faults: dict[int, Fault]) -> Iterator[Found]:
    first = (sheet.start or (0, 0))[0] + 1
    for number, row in enumerate(sheet.iter_rows(), first):
        fault = faults.get(number)
        if fault or any(cell != "" for cell in row):
            yield row, fault


def _faults(path: str, sheet: str) -> dict[int, Fault]:
    """What is lost in the sheet's rows, by their number from 1.

    Programs that write workbooks often leave the computing to Excel: their formulas have no stored result.
    """
    with ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part not in archive.NameToInfo or not _is_suspect(archive, part):
            return {}
        with archive.open(part) as stream:
            return dict(_lost_values(stream))


def _part_of(archive: ZipFile, sheet: str) -> str:
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - in a process with limits
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - in a process with limits
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    [link_id] = [
        value
        for one in book.iterfind(".//{*}sheet")
        if one.get("name") == sheet
        for name, value in one.items()
        if name.endswith("}id")
    ]
    return posixpath.normpath(posixpath.join("/xl", targets[link_id]))[1:]


def _is_suspect(archive: ZipFile, part: str) -> bool:
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 20):
            if _SUSPECT.search(tail + chunk):
                return True
            tail = chunk[-40:]
    return False


def _lost_values(stream: IO[bytes]) -> Iterator[tuple[int, Fault]]:
    number = 0
    for event, element in ET.iterparse(stream, events=("start", "end")):  # noqa: S314 - in a process with limits
        kind = element.tag.rpartition("}")[2]
        if event == "start" and kind == "row":
            number = int(element.get("r", number + 1))
        elif event == "end" and kind == "c":
            value = element.findtext("{*}v")
            if element.get("t") == "e":
                yield number, {"bad": "cell-error", "error": value or "?"}
            elif not value and element.get("t") != "str" and element.find("{*}f") is not None:
                yield number, {"bad": "formula-without-value"}
        elif event == "end" and kind == "row":
            element.clear()


def _packed(row: list[Any], fault: Fault | None, wanted: dict[str, Any]) -> list[Any] | dict[str, Any]:
    if fault:
        return {"raw": _raw(row), **fault}
    chars = 0
    for cell in row:
        if isinstance(cell, str):
            chars += len(cell)
            if len(cell) > wanted["cell_max"] or chars > wanted["row_max"]:
                return {"bad": "cell-too-long", "raw": _raw(row), "limit_kb": wanted["cell_max"] // 1000}
            if "\0" in cell:
                return {"bad": "nul", "raw": _raw(row)}
    return [_cell(cell) for cell in row]


def _cell(cell: Any) -> Any:
    if cell == "":
        return None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < _WHOLE_BELOW else cell
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return [type(cell).__name__, cell.isoformat()]
    return str(cell) if isinstance(cell, dt.timedelta) else cell


def _text(cell: Any) -> str:
    is_whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell)) if is_whole else str(cell)


def _raw(row: Iterable[Any]) -> str:
    return " | ".join(_text(cell)[:_RAW_CHARS] for cell in row)[:_RAW_CHARS]


def _write_rows(out: BinaryIO, rows: Iterable[Any]) -> None:
    """Rows in lines of about _LINE_BYTES, so that the reader's memory stays flat however long the cells are."""
    count = size = 0
    line: list[bytes] = []
    for row in rows:
        packed = orjson.dumps(row)
        line.append(packed)
        count += 1
        size += len(packed)
        if size > _LINE_BYTES:
            out.write(b"[" + b",".join(line) + b"]\n")
            size = 0
            line.clear()
    out.write(b"[" + b",".join(line) + b"]\n")
    _write(out, {"rows": count})


def _write(out: BinaryIO, value: Any) -> None:
    out.write(orjson.dumps(value) + b"\n")
    out.flush()


if __name__ == "__main__":
    run(orjson.loads(sys.argv[1]), sys.stdout.buffer)
