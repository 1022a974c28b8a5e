"""Proposes which column is which field: by the column's name, and where that says nothing by what its cells are."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shouyue.intake.rules import writings
from shouyue.intake.rules.fields import TARGETS, Field, folded
from shouyue.kernel.cells import Cell

# Columns that our own file of rejected rows adds; they are about the import, not about the records.
_REASONS = frozenset(map(folded, ("reason", "原因")))
_ROWS = frozenset(map(folded, ("row in the file", "文件中的行", "文件中的行号")))
OWN_COLUMNS = _REASONS | _ROWS
_NUMBERING = ("id", "no", "number", "index", "code", "编号", "序号", "编码", "代码", "号")
_KEY_SHARE = 0.3  # a number of orders repeats for each line


@dataclass(frozen=True, slots=True)
class Proposal:
    """columns: field name -> column of the file. day_style, amount_style: how those columns are written."""

    columns: Mapping[str, str]
    day_style: str
    amount_style: str


def signature(columns: Iterable[str]) -> str:
    """The same for files with the same columns in any order; what we add to rejected rows does not count."""
    names = sorted({folded(one) for one in columns} - OWN_COLUMNS)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def is_own_file(columns: Iterable[str]) -> bool:
    """Whether the file is one of rejected rows that we wrote: it comes back mended."""
    names = {folded(one) for one in columns}
    return bool(names & _REASONS and names & _ROWS)


def likeliest_target(columns: Sequence[str]) -> str:
    """The kind of records most of whose required fields the columns' names name; orders when nothing speaks."""
    return max(TARGETS, key=lambda target: _named_share(TARGETS[target], columns))


def propose(fields: Sequence[Field], columns: Sequence[str], samples: Sequence[Sequence[Cell]]) -> Proposal:
    """A column for each field, or none. samples: rows in the order of `columns`."""
    usable = [name for name in columns if folded(name) not in OWN_COLUMNS]
    cells = {name: [row[place] for row in samples] for place, name in enumerate(columns)}
    chosen = _by_name(fields, usable)
    for field in fields:
        if field.is_required and field.name not in chosen:
            free = [
                name
                for name in usable
                if name not in chosen.values() and may_be_named(field, name) and looks_like(field, cells[name])
            ]
            # Two candidates are no proposal: the reader must say which.
            if len(free) == 1:
                chosen[field.name] = free[0]
    kinds = {field.name: field.kind for field in fields}
    days = [cells[column] for name, column in chosen.items() if kinds[name] in {"moment", "day"}]
    amounts = [cells[column] for name, column in chosen.items() if kinds[name] in {"amount", "whole"}]
    return Proposal(
        {field.name: chosen[field.name] for field in fields if field.name in chosen},
        writings.day_style_of(cell for column in days for cell in column) or writings.ISO,
        writings.amount_style_of(cell for column in amounts for cell in column) or writings.PLAIN,
    )


def may_be_named(field: Field, column: str) -> bool:
    """Whether the column's name leaves open that it is the field: what numbers something counts nothing."""
    return field.kind not in {"whole", "score"} or not folded(column).endswith(_NUMBERING)


def looks_like(field: Field, cells: Sequence[Cell]) -> bool:
    """Whether the cells could all be of the field's kind. An empty column looks like nothing."""
    found = [cell for cell in cells if cell not in (None, "")]
    return bool(found) and field.kind in _LOOKS and _LOOKS[field.kind](found)


def _by_name(fields: Sequence[Field], columns: Sequence[str]) -> dict[str, str]:
    """Columns whose folded name is a synonym; an earlier synonym of the list speaks louder."""
    chosen: dict[str, str] = {}
    ranked = sorted(
        (field.synonyms.index(folded(column)), number, place)
        for number, field in enumerate(fields)
        for place, column in enumerate(columns)
        if folded(column) in field.synonyms
    )
    for _rank, number, place in ranked:
        if fields[number].name not in chosen and columns[place] not in chosen.values():
            chosen[fields[number].name] = columns[place]
    return chosen


def _named_share(fields: Sequence[Field], columns: Sequence[str]) -> float:
    named = _by_name(fields, columns)
    required = [field for field in fields if field.is_required]
    # Names of optional fields weigh a little: a list of customers has one required column, which orders have too.
    extra = len(named) / (len(fields) * 10)
    return sum(field.name in named for field in required) / len(required) * (1 if len(named) > 1 else 0.5) + extra


def _whole(cell: Cell) -> bool:
    text = str(cell).strip().removeprefix("-")
    return text.isascii() and text.isdecimal() and len(text) <= 6


def _has_fractions(cells: Sequence[Cell]) -> bool:
    texts = [str(cell).strip() for cell in cells]
    return any(not text.removeprefix("-").isdecimal() and any(one.isdigit() for one in text) for text in texts) and all(
        writings.amount_style_of([text]) for text in texts
    )


def _days(cells: Sequence[Cell]) -> bool:
    # Whole numbers could be serials of days, but far oftener they are numbers of something.
    return writings.day_style_of(cells) not in {None, writings.SERIAL}


def _amounts(cells: Sequence[Cell]) -> bool:
    return _has_fractions(cells) and writings.amount_style_of(cells) is not None


def _keys(cells: Sequence[Cell]) -> bool:
    kinds = {str(cell) for cell in cells}
    is_telling = len(kinds) > 1 and len(kinds) >= _KEY_SHARE * len(cells)
    return is_telling and not _days(cells) and not _has_fractions(cells)


def _scores(cells: Sequence[Cell]) -> bool:
    return all(_whole(cell) and 1 <= int(str(cell)) <= 5 for cell in cells)


_LOOKS: Mapping[str, Callable[[Sequence[Cell]], bool]] = {
    "moment": _days,
    "day": _days,
    "amount": _amounts,
    "whole": lambda cells: all(map(_whole, cells)),
    "score": _scores,
    "key": _keys,
}
