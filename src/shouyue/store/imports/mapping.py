"""What a mapping declares: which files it reads, how rows become drafts, and which action writes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias
from uuid import UUID

from shouyue.kernel.cells import RowRejectedError
from shouyue.store.tabular import Table, open_table
from shouyue.store.tabular.messages import Message

__all__ = [
    "Batch",
    "Draft",
    "FilePattern",
    "Finished",
    "Foreseen",
    "Mapping",
    "Outcomes",
    "Reader",
    "RowRejectedError",
    "StagedDraft",
    "Step",
    "Tally",
    "Undo",
    "UndoBatch",
    "UndoFinished",
    "Undone",
]


# A checked row: whose it is, what it belongs to (an order), and its content in JSON's own types. Both ids are text of
# UUIDs. Rows are written in the order of customer, group, file, row; a batch never parts the rows of a group.
Draft: TypeAlias = tuple[str, str, list[object]]


class StagedDraft(NamedTuple):
    """A draft that comes back from the staging table."""

    customer_id: str
    group_id: str
    file_number: int
    row_number: int
    content: list[object]


RowParser: TypeAlias = Callable[[Sequence[object]], Draft | None]


class Reader(Protocol):
    """Parses rows during one check of one set of files; what it remembers must follow from the files alone."""

    def parser(self, file: str, columns: Sequence[str], /) -> RowParser:
        """Parser for the rows of the file pattern named `file`. It raises RowRejectedError; it may return None only
        in a file that is merely looked things up in."""
        ...


@dataclass(frozen=True, slots=True)
class FilePattern:
    """One file that a step reads. patterns: of its name, in lower case, first match wins; columns: required ones.

    is_optional: the step does without it. is_lookup: its rows are not input of the step, others point at them.
    sheet: of a workbook the sheet to read; None means the first that is not empty.
    """

    name: str
    patterns: tuple[str, ...]
    columns: tuple[str, ...]
    is_optional: bool = False
    is_lookup: bool = False
    sheet: str | None = None

    def find(self, paths: Sequence[Path]) -> Path | None:
        """The first of the paths whose name matches."""
        for pattern in self.patterns:
            for path in paths:
                if fnmatch(path.name.lower(), pattern):
                    return path
        return None

    def open(self, path: Path) -> Table:
        """The table of the file, with the wanted columns. Raises FileRefusedError."""
        return open_table(path, required=self.columns, sheet=self.sheet)


@dataclass(frozen=True, slots=True)
class Tally:
    """How the rows of an import, or of a part of it, came out."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.rejected

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
        )


@dataclass(slots=True)
class Outcomes:
    """What a loader made of a batch: one outcome for each row. rejected: (place in the batch, why)."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[tuple[int, RowRejectedError]] = field(default_factory=list)

    def count(self, outcome: str, rows: int = 1) -> None:
        """Add rows to `created`, `updated` or `unchanged`."""
        setattr(self, outcome, getattr(self, outcome) + rows)

    @property
    def tally(self) -> Tally:
        return Tally(self.created, self.updated, self.unchanged, len(self.rejected))


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of whole groups, in the order of customers, with what a loader needs to write them."""

    run_id: UUID
    currency: str
    rows: Sequence[StagedDraft]
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A step that was written to its end."""

    run_id: UUID
    mapping: str
    step: str
    tally: Tally
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class UndoBatch:
    """Records of an import to be taken back: of the first customers whose id comes after `after`, about `records_max`.

    A customer's records are never parted.
    """

    run_id: UUID
    after: UUID | None
    records_max: int
    at: datetime
    by: str


class Undone(NamedTuple):
    """What became of one record of an import. outcome: restored, removed, a KeptReason, or untouched: nothing to say.

    customer_id: whose record it is, in the order of which batches go. row_number: the row that had created or changed
    it; 0 where only rows of other records named it. label: what it is called, if it is not the customer itself.
    rows: how many rows of the file are counted with it.
    """

    subject_id: UUID
    customer_id: UUID
    file_number: int
    row_number: int
    outcome: str
    label: str = ""
    rows: int = 1


@dataclass(frozen=True, slots=True)
class UndoFinished:
    """An import that was taken back to its end. Counts of rows: restored, removed and kept."""

    run_id: UUID
    step: str
    restored: int
    removed: int
    kept: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Undo:
    """How a room takes an import of its step back.

    take_back: decides and writes one batch in the open transaction; empty when no record is left. It locks in the
    order of customers. finish: called in the transaction that ends the undo.
    """

    take_back: "Callable[[UndoBatch], Sequence[Undone]]"
    finish: "Callable[[UndoFinished], None]"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a row would do: created, updated or unchanged. changes: (column, masked before, masked after)."""

    outcome: str
    changes: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of records of a mapping, registered by the room that keeps them.

    reader: makes a fresh reader for the clocks of a zone. load: writes one batch in the open transaction and says
    what became of each row; it locks in the order of customers, and a batch that it wrote before changes nothing.
    finish: called in the transaction that ends the run.
    is_personal: rows hold names, phones and the like; whatever the import keeps of them is sealed.
    undo: None where what came in stays. foresee: what checked rows would change as of a moment, a Foreseen for each,
    writing nothing; None where only a rehearsal tells.
    """

    name: str
    title: Message
    files: tuple[FilePattern, ...]
    reader: Callable[[str], Reader]
    load: Callable[[Batch], Outcomes]
    finish: Callable[[Finished], None]
    is_personal: bool = False
    undo: Undo | None = None
    foresee: Callable[[Sequence[Draft], datetime], Sequence[Foreseen]] | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A kind of files: its steps in order, and what the files leave unsaid.

    currency: ISO 4217; zone: IANA name of the clocks that wrote the files' moments. Both can be overridden.
    """

    name: str
    title: Message
    currency: str
    zone: str
    steps: tuple[Step, ...]
