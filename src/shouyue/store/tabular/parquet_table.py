"""Reads Parquet through DuckDB, a few thousand rows at a time, decimals exact."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from shouyue.store.tabular import limits
from shouyue.store.tabular.header import checked_columns
from shouyue.store.tabular.refusals import refuse
from shouyue.store.tabular.rows import Row, bad_row
from shouyue.store.tabular.table import Table

# Larger batches gain nothing (measured: 1,000 to 10,000 rows alike) and hold more of what has long cells.
_BATCH = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN = ("BOOLEAN", "DATE", "TIME", "TIMESTAMP", "DOUBLE")
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": limits.PARQUET_MEMORY,
    "preserve_insertion_order": True,
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


class ParquetTable(Table):
    """A Parquet file; see Table."""

    kind = "parquet"

    def __init__(self, path: Path, *, required: Sequence[str]) -> None:
        self._name = path.name
        # DuckDB reads * ? [ in a name as a pattern; a link with a plain name stands for this file only.
        self._folder = tempfile.TemporaryDirectory(prefix="shouyue-")
        self._link = str(Path(self._folder.name) / "table.parquet")
        Path(self._link).symlink_to(path.resolve())
        self._base = duckdb.connect(":memory:", config=_SETTINGS)
        try:
            self._open(required)
        except BaseException:
            self.close()
            raise

    def rows(self) -> Iterator[Row]:
        """See Table.rows."""
        cursor = self._base.cursor()
        width = len(self.columns)
        try:
            self._ask(cursor.execute, self._query(), [self._link])
            number = 0
            while batch := self._ask(cursor.fetchmany, _BATCH):
                for number, record in enumerate(batch, number + 1):  # noqa: B020 - counts on over the batches
                    if record[width]:
                        yield bad_row(number, "cell-too-long", _raw(record[:width]), limit_kb=limits.CELL_MAX // 1000)
                    else:
                        yield number, self._typed(record)
        finally:
            cursor.close()

    def close(self) -> None:
        """See Table.close."""
        self._base.close()
        self._folder.cleanup()

    def _open(self, required: Sequence[str]) -> None:
        ask = self._base.execute
        found = self._ask(ask, "SELECT num_rows FROM parquet_file_metadata(?)", [self._link]).fetchone()
        rows = found[0] if found else 0
        # DuckDB renames the second of two equal names, so the names come from the file's own schema.
        described = self._ask(ask, "DESCRIBE SELECT * FROM read_parquet(?, binary_as_string=true)", [self._link])
        self._types = [(str(one[0]), str(one[1])) for one in described.fetchall()]
        self.columns = checked_columns(self._names(), name=self._name, required=required)
        if rows == 0:
            refuse("header-only", name=self._name)
        if rows > limits.ROWS_MAX:
            refuse("rows-too-many", name=self._name, found=rows, limit=limits.ROWS_MAX)
        self._finish = [(place, finish) for place, (_, kind) in enumerate(self._types) if (finish := _FINISH.get(kind))]

    def _names(self) -> list[str]:
        """Names of the top columns: the schema lists the tree in depth-first order below one root."""
        rows = self._ask(
            self._base.execute, "SELECT name, num_children FROM parquet_schema(?)", [self._link]
        ).fetchall()
        names: list[str] = []
        place = 1
        while place < len(rows):
            names.append(str(rows[place][0]))
            inside = 1
            while inside:
                inside += (rows[place][1] or 0) - 1
                place += 1
        return names

    def _query(self) -> str:
        texts = [_quoted(name) for name, kind in self._types if kind == "VARCHAR"]
        too_long = " OR ".join(f"coalesce(strlen({text}) > {limits.CELL_MAX}, false)" for text in texts)
        cells = ", ".join(_cell(name, kind) for name, kind in self._types)
        flagged = f"{cells}, {too_long or 'false'}"
        return f"SELECT {flagged} FROM read_parquet(?, binary_as_string=true)"  # noqa: S608 - its names are quoted

    def _typed(self, record: tuple[Any, ...]) -> Sequence[object]:
        if not self._finish:
            return record[:-1]
        values = list(record[:-1])
        for place, finish in self._finish:
            if values[place] is not None:
                values[place] = finish(values[place])
        return values

    def _ask(self, ask: Callable[..., Any], *words: Any) -> Any:
        try:
            return ask(*words)
        except duckdb.OutOfMemoryException:
            refuse("parquet-too-large", name=self._name, limit=limits.PARQUET_MEMORY)
        except duckdb.Error:
            refuse("parquet-broken", name=self._name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cell(name: str, kind: str) -> str:
    column = _quoted(name)
    if kind == "VARCHAR":
        return f"CASE WHEN strlen({column}) > {limits.CELL_MAX} THEN {column}[:500] ELSE {column} END"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"epoch_us({column})"  # as a value it would need the pytz package
    if kind in ("TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"):
        return f"{column}::TIMESTAMP"
    if kind in _PLAIN or kind.startswith("DECIMAL(") or kind.endswith(("INT", "INTEGER")):
        return column
    # FLOAT too: as text it has the digits of 32 bits (0.1), as a value those of 64 (0.10000000149011612).
    return f"{column}::VARCHAR"


def _number(value: float | str) -> Decimal | str:
    """The shortest decimal; infinities and not-a-number stay text, because Decimal("NaN") > 0 raises."""
    number = Decimal(value if isinstance(value, str) else repr(value))
    return number if number.is_finite() else str(value)


def _moment(microseconds: int) -> datetime | str:
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return str(microseconds)


_FINISH: dict[str, Callable[[Any], object]] = {
    "DOUBLE": _number,
    "FLOAT": _number,
    "TIMESTAMP WITH TIME ZONE": _moment,
}


def _raw(values: Sequence[object]) -> str:
    return " | ".join("" if value is None else str(value)[: limits.RAW_SHOWN_MAX] for value in values)
