"""Checks the names of columns, for every kind of file alike."""

from collections import Counter
from collections.abc import Sequence

from shouyue.store.tabular.limits import COLUMNS_MAX
from shouyue.store.tabular.refusals import refuse


def checked_columns(cells: Sequence[object], *, name: str, required: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns, without outer spaces and without unnamed columns at the right end.

    cells: the header as it stands in the file. Names that differ only in case count as the same name.
    Raises FileRefusedError: columns-too-many, columns-unnamed, columns-duplicate, columns-missing.
    """
    columns = ["" if cell is None else str(cell).strip().lstrip("\ufeff") for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > COLUMNS_MAX:
        refuse("columns-too-many", name=name, found=len(columns), limit=COLUMNS_MAX)
    if unnamed := tuple(place for place, column in enumerate(columns, 1) if not column):
        refuse("columns-unnamed", name=name, positions=unnamed)
    often = Counter(column.casefold() for column in columns)
    if duplicates := tuple(dict.fromkeys(column for column in columns if often[column.casefold()] > 1)):
        refuse("columns-duplicate", name=name, duplicates=duplicates)
    if missing := tuple(column for column in required if column not in columns):
        refuse("columns-missing", name=name, missing=missing, found=tuple(columns))
    return tuple(columns)
