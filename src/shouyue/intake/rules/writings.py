"""How a file writes days and amounts: chosen once for each file, then read strictly, so that 03/04 never wavers."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from shouyue.kernel.cells import Cell, CellError

Convert: TypeAlias = Callable[[Cell], Cell]

_CLOCK = r"(?:[T\s]*(\d{1,2})(?::|时|點|点)(\d{1,2})(?:(?::|分)(\d{1,2})(?:\.\d+)?秒?|分)?)?"
_YMD = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?" + _CLOCK)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s*(\d{2}):?(\d{2}):?(\d{2})?)?")
_ENDING_IN_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _CLOCK)
_SERIAL = re.compile(r"\d{4,6}(?:\.\d+)?")
# Excel counts days from here for every day after 28 February 1900.
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 the file's local time
_SERIALS = (3_000, 109_000)  # 1908 to 2198: smaller numbers are ages, larger ones numbers of orders

_POINT = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_COMMA = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?")
_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?")
_SIGNS = re.compile(
    r"^([-+]?)\s*(?:CN¥|HK\$|US\$|R\$|RMB|CNY|[¥$€£₩₹])?\s*([-+]?)(.*?)\s*(?:元|圆|RMB|CNY|[¥$€£₩₹])?$", re.I
)

ISO, YEAR_FIRST, DAY_FIRST, MONTH_FIRST, SERIAL = "iso", "ymd", "dmy", "mdy", "serial"
PLAIN, POINT, COMMA = "plain", "point", "comma"
DAY_STYLES = (ISO, YEAR_FIRST, DAY_FIRST, MONTH_FIRST, SERIAL)
AMOUNT_STYLES = (PLAIN, POINT, COMMA)


def moment_reader(style: str) -> Convert:
    """Converter of cells in a day style to ISO text; empty cells and moments of typed files pass through.

    Raises CellError not_moment for text in any other style or a day that does not exist. `iso` leaves all as it is.
    """
    read = _READERS[style]

    def convert(cell: Cell) -> Cell:
        if isinstance(cell, date) or cell is None:
            return cell
        text = unicodedata.normalize("NFKC", str(cell)).strip()
        return read(text).isoformat(sep=" ") if text else cell

    return _as_is if style == ISO else convert


def day_reader(style: str) -> Convert:
    """As `moment_reader`, giving the day alone; its error is not_day."""
    read = moment_reader(style)

    def convert(cell: Cell) -> Cell:
        try:
            found = read(cell)
        except CellError:
            raise CellError("not_day") from None
        return found[:10] if isinstance(found, str) else found

    return _as_is if style == ISO else convert


def amount_reader(style: str, *, error: str = "not_amount") -> Convert:
    """Converter of amounts to plain digits such as -1289.00; numbers of typed files pass through.

    point: ¥1,289.00. comma: 1.289,00 €. Raises CellError(error) where the style is not kept. `plain` leaves all as is.
    """
    if style == PLAIN:
        return _as_is
    pattern, grouping, mark = (_POINT, ",", ".") if style == POINT else (_COMMA, ".", ",")

    def convert(cell: Cell) -> Cell:
        if not isinstance(cell, str) or not cell.strip():
            return cell
        digits = _without_currency(cell)
        if not pattern.fullmatch(digits):
            raise CellError(error)
        return digits.replace(grouping, "").replace(mark, ".")

    return convert


def day_style_of(cells: Iterable[Cell]) -> str | None:
    """The style that most non-empty cells keep, ISO before others; None when none is kept by more than half.

    A wrong day among them must not hide how the rest is written. Where 03/04/2026 leaves both open, the month is taken
    second, as most of the world writes.
    """
    found = [cell for cell in cells if cell not in (None, "")]
    texts = [unicodedata.normalize("NFKC", str(cell)).strip() for cell in found if not isinstance(cell, date)]
    if found and not texts:
        return ISO
    return _kept_by_most({style: sum(_fits(read, text) for text in texts) for style, read in _READERS.items()}, texts)


def amount_style_of(cells: Iterable[Cell]) -> str | None:
    """The style that most non-empty cells keep; None as above. 1,234 alone is taken for a group of thousands."""
    texts = [str(cell) for cell in cells if cell not in (None, "")]
    bare = [_without_currency(text) for text in texts]
    counts = {PLAIN: sum(_PLAIN.fullmatch(text.strip()) is not None for text in texts)}
    counts |= {style: sum(pattern.fullmatch(text) is not None for text in bare) for style, pattern in _AMOUNTS.items()}
    return _kept_by_most(counts, texts)


def _kept_by_most(counts: Mapping[str, int], texts: list[str]) -> str | None:
    style = max(counts, key=lambda one: counts[one])
    return style if counts[style] > len(texts) / 2 else None


_AMOUNTS: Mapping[str, re.Pattern[str]] = {POINT: _POINT, COMMA: _COMMA}


def _as_is(cell: Cell) -> Cell:
    return cell


def _without_currency(text: str) -> str:
    parts = _SIGNS.match(unicodedata.normalize("NFKC", text).strip())
    if parts is None or (parts[1] and parts[2]):
        return text
    return parts[1] + parts[2] + parts[3].strip()


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise CellError("not_moment") from None


def _year_first(text: str) -> datetime:
    parts = _YMD.fullmatch(text) or _COMPACT.fullmatch(text)
    return _made(*parts.groups()) if parts else _refused()


def _day_first(text: str) -> datetime:
    parts = _ENDING_IN_YEAR.fullmatch(text)
    return _made(parts[3], parts[2], parts[1], *parts.groups()[3:]) if parts else _refused()


def _month_first(text: str) -> datetime:
    parts = _ENDING_IN_YEAR.fullmatch(text)
    return _made(parts[3], parts[1], parts[2], *parts.groups()[3:]) if parts else _refused()


def _serial(text: str) -> datetime:
    if not _SERIAL.fullmatch(text) or not _SERIALS[0] <= Decimal(text) <= _SERIALS[1]:
        return _refused()
    return _DAY_ZERO + timedelta(seconds=round(Decimal(text) * 86_400))


def _made(*parts: str | None) -> datetime:
    try:
        return datetime(*(int(part or 0) for part in parts))  # type: ignore[arg-type] # noqa: DTZ001 six numbers; local
    except ValueError:
        return _refused()


def _refused() -> datetime:
    raise CellError("not_moment")


def _fits(read: Callable[[str], datetime], text: str) -> bool:
    try:
        read(text)
    except CellError:
        return False
    return True


_READERS: Mapping[str, Callable[[str], datetime]] = {
    ISO: _iso,
    YEAR_FIRST: _year_first,
    DAY_FIRST: _day_first,
    MONTH_FIRST: _month_first,
    SERIAL: _serial,
}
