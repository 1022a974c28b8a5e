"""Cells of a file's row as clean values, or the reason why not: text, whole numbers, exact amounts, local moments."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from shouyue.kernel.money import AmountError, to_e4

Cell: TypeAlias = object
# What a parser gives is known where its row is taken apart; naming each type would double every row's code.
Parse: TypeAlias = Callable[[Cell], Any]

WHOLE_MAX = 10**12
_YEARS = range(1900, 2200)


class CellError(ValueError):
    """A cell that cannot be used; `code` names the reason: missing, too_long, not_whole, not_amount, not_moment …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RowRejectedError(ValueError):
    """A row that cannot be used, because of the value in one of its columns."""

    def __init__(self, code: str, column: str, value: object = "") -> None:
        super().__init__(code, column, value)
        self.code, self.column, self.value = code, column, value


class CellPlan:
    """How to read the wanted columns of a row, whatever their place in the file."""

    def __init__(self, parsers: Mapping[str, Parse], columns: Sequence[str]) -> None:
        """parsers: by column. columns: of the file; a parser whose column is not there is given "" instead."""
        place = {name: index for index, name in enumerate(columns)}
        self._steps = [(name, place.get(name), parse) for name, parse in parsers.items()]

    def read(self, cells: Sequence[Cell]) -> list[Any]:
        """The values in the order of `parsers`. Raises RowRejectedError for the first that cannot be used."""
        values = []
        column: str = ""
        place: int | None = None
        try:
            for column, place, parse in self._steps:  # noqa: B007 both are read when a cell is refused
                values.append(parse("" if place is None else cells[place]))
        except CellError as wrong:
            raise RowRejectedError(wrong.code, column, "" if place is None else cells[place]) from None
        return values


def text(most: int, *, required: bool = True) -> Parse:
    """Parser of text without outer spaces. Reasons: missing, too_long."""

    def parse(cell: Cell) -> str:
        found = cell.strip() if isinstance(cell, str) else "" if cell is None else str(cell)
        if not found and required:
            raise CellError("missing")
        if len(found) > most:
            raise CellError("too_long")
        return found

    return parse


def key(most: int, *, required: bool = True) -> Parse:
    """Parser of a key such as a customer number; spreadsheets make 17850.0 of 17850. Reasons: missing, too_long."""
    read = text(most, required=required)

    def parse(cell: Cell) -> str:
        found: str = read(cell)
        return found[:-2] if found.endswith(".0") and found[:-2].isdecimal() else found

    return parse


@lru_cache(maxsize=65_536)
def _whole(found: str) -> int:
    try:
        number = Decimal(found)
    except InvalidOperation:
        raise CellError("not_whole") from None
    if not found.isascii() or "_" in found or not number.is_finite() or number != number.to_integral_value():
        raise CellError("not_whole")
    if abs(number) > WHOLE_MAX:
        raise CellError("too_large")
    return int(number)


def whole(cell: Cell) -> int:
    """A whole number of at most 10**12 either way. Reasons: missing, not_whole, too_large."""
    if type(cell) is int:
        if abs(cell) > WHOLE_MAX:
            raise CellError("too_large")
        return cell
    found = _present(cell)
    return _whole(found)


@lru_cache(maxsize=65_536)
def _amount(cell: str | Decimal | int) -> int:
    try:
        amount_e4 = to_e4(cell)
    except AmountError:
        raise CellError("not_amount") from None
    if abs(amount_e4) > WHOLE_MAX * 10_000:
        raise CellError("too_large")
    return amount_e4


def amount_e4(cell: Cell) -> int:
    """An exact amount of at most 10**12 units either way, in 1/10,000. Reasons: missing, not_amount, too_large."""
    if isinstance(cell, Decimal):
        return _amount(cell)
    return _amount(_present(cell))


def one_of(words: Mapping[str, str]) -> Parse:
    """Parser of one of the known words, giving what it stands for. Reasons: missing, unknown_word."""

    def parse(cell: Cell) -> str:
        found = words.get(_present(cell).lower())
        if found is None:
            raise CellError("unknown_word")
        return found

    return parse


def local_moment(zone: str, *patterns: str) -> Parse:
    """Parser of a moment on the clocks of `zone`, giving UTC as "2011-12-09 12:50:00+00:00".

    Understands ISO text, moments of a spreadsheet or Parquet file, and `patterns` of strptime. An hour that the
    clocks repeat is its first pass; one that they skip counts on from before the jump (02:30 becomes 03:30).
    Reasons: missing, not_moment (also a day that does not exist).
    """
    place = ZoneInfo(zone)

    @lru_cache(maxsize=65_536)
    def parse_known(cell: Cell) -> str:
        moment = cell if isinstance(cell, datetime) else _moment(cell, patterns)
        if moment.year not in _YEARS:
            raise CellError("not_moment")
        local = moment if moment.tzinfo else moment.replace(tzinfo=place)
        return local.astimezone(UTC).isoformat(sep=" ")

    def parse(cell: Cell) -> str:
        if cell is None or cell == "":
            raise CellError("missing")
        return parse_known(cell)

    return parse


def _moment(cell: Cell, patterns: Sequence[str]) -> datetime:
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 the caller adds the zone
    found = _present(cell)
    try:
        return datetime.fromisoformat(found)
    except ValueError:
        for pattern in patterns:
            try:
                return datetime.strptime(found, pattern)  # noqa: DTZ007 the caller adds the zone
            except ValueError:
                continue
    raise CellError("not_moment")


def _present(cell: Cell) -> str:
    found = cell.strip() if isinstance(cell, str) else "" if cell is None else str(cell)
    if not found:
        raise CellError("missing")
    return found
