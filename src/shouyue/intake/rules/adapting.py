"""A thin reader around a plain one: it gives the file's columns the names of our fields and reads its writings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from shouyue.intake.rules import writings
from shouyue.intake.rules.fields import Field
from shouyue.intake.rules.proposing import is_own_file
from shouyue.intake.rules.writings import Convert
from shouyue.kernel.cells import Cell, CellError, RowRejectedError
from shouyue.kernel.formulas import as_typed

Draft: TypeAlias = tuple[str, str, list[object]]
Parser: TypeAlias = Callable[[Sequence[object]], Draft | None]


class PlainReader(Protocol):
    """A reader of a plain mapping."""

    def parser(self, file: str, columns: Sequence[str], /) -> Parser:
        """Parser of the file's rows."""
        ...


@dataclass(frozen=True, slots=True)
class Adaptation:
    """How a file is to be read. columns: field name -> column of the file."""

    fields: Sequence[Field]
    columns: Mapping[str, str]
    day_style: str = writings.ISO
    amount_style: str = writings.PLAIN

    def names(self, columns: Sequence[str]) -> list[str]:
        """The plain name of each column of the file; "" for columns that are left alone."""
        field_of = {column: name for name, column in self.columns.items()}
        return [field_of.get(column, "") for column in columns]

    def converters(self, columns: Sequence[str]) -> list[tuple[int, str, Convert]]:
        """(place, column of the file, converter) for each column whose writing is not plain already."""
        kinds = {field.name: field.kind for field in self.fields}
        places = enumerate(zip(columns, self.names(columns), strict=True))
        found = [(place, column, self._converter(kinds[name])) for place, (column, name) in places if name]
        return [(place, column, convert) for place, column, convert in found if convert is not None]

    def _converter(self, kind: str) -> Convert | None:
        if kind == "moment" and self.day_style != writings.ISO:
            return writings.moment_reader(self.day_style)
        if kind == "day" and self.day_style != writings.ISO:
            return writings.day_reader(self.day_style)
        if kind in {"amount", "whole"} and self.amount_style != writings.PLAIN:
            error = "not_amount" if kind == "amount" else "not_whole"
            return writings.amount_reader(self.amount_style, error=error)
        return None


class AdaptedReader:
    """Reads a file of other columns as the plain reader reads its own. Rejections name the file's own columns."""

    def __init__(self, plain: PlainReader, adaptation: Adaptation) -> None:
        self._plain, self._adaptation = plain, adaptation

    def parser(self, file: str, columns: Sequence[str]) -> Parser:
        """Parser of a row of the file. Raises RowRejectedError."""
        inner = self._plain.parser(file, self._adaptation.names(columns))
        converted = converted_rows(self._adaptation, columns)
        own = self._adaptation.columns

        def parse(row: Sequence[object]) -> Draft | None:
            try:
                return inner(converted(row))
            except RowRejectedError as wrong:
                raise RowRejectedError(wrong.code, own.get(wrong.column, wrong.column), wrong.value) from None

        return parse


def converted_rows(adaptation: Adaptation, columns: Sequence[str]) -> Callable[[Sequence[Cell]], Sequence[Cell]]:
    """Gives a row with its writings read. Raises RowRejectedError naming the plain or, failing that, own column."""
    steps, is_own = adaptation.converters(columns), is_own_file(columns)

    def converted(row: Sequence[Cell]) -> Sequence[Cell]:
        if not steps and not is_own:
            return row
        cells = [as_typed(cell) for cell in row] if is_own else list(row)
        for place, column, convert in steps:
            try:
                cells[place] = convert(cells[place])
            except CellError as wrong:
                raise RowRejectedError(wrong.code, column, cells[place]) from None
        return cells

    return converted
