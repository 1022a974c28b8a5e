"""What may be changed of a customer by hand, and when two people changed the same thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

FIELDS: Final = ("kind", "country", "region", "city")
LENGTHS: Final[Mapping[str, int]] = {"kind": 12, "country": 60, "region": 60, "city": 80}
KINDS: Final = frozenset({"person", "company", "unknown"})
ROWS_MAX: Final = 10_000


class NotEditableError(ValueError):
    """A field or a value that nobody may set by hand."""


class ChangedMeanwhileError(Exception):
    """Somebody changed the value after the editor saw it. current: what it is now."""

    def __init__(self, current: str) -> None:
        self.current = current
        super().__init__("changed meanwhile")


@dataclass(frozen=True, slots=True)
class Standing:
    """A value as it stands in a locked row. is_anonymous: the subject of a till sale, who stays as it is."""

    id: UUID
    value: str
    is_anonymous: bool


def clean(field: str, value: str) -> str:
    """The value as it is kept. Raises NotEditableError."""
    if field not in FIELDS:
        raise NotEditableError(field)
    kept = " ".join(value.split())
    if len(kept) > LENGTHS[field] or "\x00" in kept or (field == "kind" and kept not in KINDS):
        raise NotEditableError(field)
    return kept


def is_change(current: str, *, seen: str, wanted: str) -> bool:
    """Whether to write. False when it is done already. Raises ChangedMeanwhileError where the editor saw another."""
    if current == wanted:
        return False
    if current != seen:
        raise ChangedMeanwhileError(current)
    return True


def to_change(rows: Sequence[Standing], wanted: str) -> dict[UUID, str]:
    """The rows that a bulk change touches, with the values they have before."""
    return {row.id: row.value for row in rows if not row.is_anonymous and row.value != wanted}


def to_restore(before: Mapping[UUID, str], rows: Sequence[Standing], *, set_to: str) -> dict[UUID, str]:
    """What an undo writes: the earlier values, except where somebody changed the row since."""
    return {row.id: before[row.id] for row in rows if row.id in before and row.value == set_to}
