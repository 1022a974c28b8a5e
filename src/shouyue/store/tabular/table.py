"""The open table: its columns and a stream of its rows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType
from typing import ClassVar, Literal, Self

from shouyue.store.tabular.rows import Row

Kind = Literal["csv", "xlsx", "parquet"]


class Table(ABC):
    """An open file; use it in a `with` statement, which closes it.

    columns: names from the header, outer spaces removed, each once, none empty.
    kind: "csv" (also .csv.gz), "xlsx" or "parquet".
    encoding: of a CSV "utf-8", "utf-8-sig", "utf-16" or "gb18030"; otherwise None.
    sheet: of a workbook the sheet that is read; otherwise None. sheets: all its sheets.
    """

    kind: ClassVar[Kind]
    columns: tuple[str, ...]
    encoding: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Every row of the file in its order, from the first; call it again to read again.

        Yields (number, values) with values in the order of `columns`, or a BadRow. Numbers run 1, 2, 3, …
        without gaps over good and bad rows; blank lines are no rows. Values of a CSV are str, an empty cell "".
        Values of the other kinds are str, int, Decimal, bool, datetime, date, time or None; floats arrive as
        the shortest Decimal, moments with a zone as aware datetimes in UTC, anything else as text.
        Memory stays flat: read one row, forget it. One iterator of a table at a time.
        Raises FileRefusedError when the damage of a file shows only further down.
        """

    @abstractmethod
    def close(self) -> None:
        """Release the file and any helping process; closing twice is harmless."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
