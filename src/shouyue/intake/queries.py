"""What the wizard shows: a look into the file, the proposal for it, the first rows as they will be read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from shouyue.intake.models import ImportMapping, Target, Upload
from shouyue.intake.rules import proposing, writings
from shouyue.intake.rules.adapting import Draft, converted_rows
from shouyue.intake.rules.fields import TARGETS
from shouyue.intake.targets import LABELS, STEPS, adaptation_of
from shouyue.kernel.cells import Cell, RowRejectedError
from shouyue.store.imports.mapping import Foreseen
from shouyue.store.imports.reasons import reason
from shouyue.store.tabular import BadRow, open_table
from shouyue.store.tabular.messages import Message, shortened

SAMPLE_ROWS = 100
SHOWN_ROWS = 5
PREVIEWED_ROWS = 10
_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is. samples: the first rows that can be read, in the order of `columns`."""

    kind: str
    encoding: str | None
    sheet: str
    sheets: tuple[str, ...]
    columns: tuple[str, ...]
    samples: tuple[Sequence[Cell], ...]

    def shown(self, column: str, count: int = SHOWN_ROWS) -> list[str]:
        """The first cells of a column that are not empty, shortened."""
        place = self.columns.index(column)
        cells = (row[place] for row in self.samples if row[place] not in (None, ""))
        return [shortened(str(cell), _SHOWN_CHARS) for cell in islice(cells, count)]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the wizard proposes. kept: the mapping it was taken from, None when it was found in the file itself."""

    target: str
    columns: dict[str, str]
    day_style: str
    amount_style: str
    currency: str
    zone: str
    kept: ImportMapping | None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it will be read: a text for each chosen field, or the reason why it will be turned away.

    outcome: created, updated or unchanged, "" where only the dry run tells. changes: (field, before, after), masked.
    """

    number: int
    cells: Sequence[str]
    reason: "Message | None"
    outcome: str = ""
    changes: Sequence[tuple[Message, str, str]] = ()


def look_at(upload: Upload, *, sheet: str = "") -> Look:
    """Open the file and read its first rows. Raises FileRefusedError."""
    with open_table(upload.path, sheet=sheet or None) as table:
        rows = (row for row in islice(table.rows(), SAMPLE_ROWS) if not isinstance(row, BadRow))
        samples = tuple(cells for _number, cells in rows)
        return Look(table.kind, table.encoding, table.sheet or "", table.sheets, table.columns, samples)


def kept_mapping(upload: Upload, look: Look) -> ImportMapping | None:
    """What people of the same party chose for files with these columns."""
    found = ImportMapping.objects.filter(signature=proposing.signature(look.columns), party=upload.party).first()
    return found if found and set(found.columns.values()) <= set(look.columns) else None


def proposal(upload: Upload, look: Look, *, target: str = "") -> Proposed:
    """What was chosen for this upload already, else kept for such files, else what names and cells suggest.

    target: chosen by the reader; "" leaves that to the proposal too.
    """
    if upload.target and upload.sheet == look.sheet and target in {"", upload.target}:
        return Proposed(
            upload.target, upload.columns, upload.day_style, upload.amount_style, upload.currency, upload.zone, None
        )
    kept = kept_mapping(upload, look)
    if kept and target in {"", kept.target}:
        found = proposing.propose(TARGETS[kept.target], look.columns, look.samples)
        day_style = kept.day_style if _keeps(kept, look) else found.day_style
        amount_style = found.amount_style if found.amount_style != writings.PLAIN else kept.amount_style
        return Proposed(kept.target, kept.columns, day_style, amount_style, kept.currency, kept.zone, kept)
    target = target or proposing.likeliest_target(look.columns)
    found = proposing.propose(TARGETS[target], look.columns, look.samples)
    return Proposed(
        target, dict(found.columns), found.day_style, found.amount_style, upload.currency, upload.zone, None
    )


def preview(upload: Upload, *, at: datetime, count: int = PREVIEWED_ROWS) -> list[PreviewRow]:
    """The first rows as they will be read, and what those of customers would change. Raises FileRefusedError."""
    read = list(_preview(upload, count))
    foresee = STEPS[upload.target].foresee
    if foresee is None:
        return [row for row, _draft in read]
    foreseen = iter(foresee([draft for _row, draft in read if draft], at))
    return [_with_changes(row, next(foreseen)) if draft else row for row, draft in read]


def _with_changes(row: PreviewRow, foreseen: Foreseen) -> PreviewRow:
    changes = [(LABELS[column], before, after) for column, before, after in foreseen.changes]
    return replace(row, outcome=foreseen.outcome, changes=changes)


def _preview(upload: Upload, count: int) -> Iterator[tuple[PreviewRow, Draft | None]]:
    adaptation = adaptation_of(upload)
    with open_table(upload.path, sheet=upload.sheet or None, required=list(upload.columns.values())) as table:
        names = adaptation.names(table.columns)
        converted = converted_rows(adaptation, table.columns)
        # The plain reader is asked too: what it would turn away must not look as if it came in.
        plain = STEPS[upload.target].reader(upload.zone)
        parse = plain.parser(STEPS[upload.target].files[0].name, names)
        places = [names.index(field) for field in upload.chosen]
        for row in islice(table.rows(), count):
            if isinstance(row, BadRow):
                yield PreviewRow(row.number, [], row.message), None
                continue
            number, cells = row
            try:
                read = converted(cells)
                draft = parse(read)
            except RowRejectedError as wrong:
                column = upload.columns.get(wrong.column, wrong.column)
                shown = [_text(cells[place]) for place in places]
                yield PreviewRow(number, shown, reason(wrong.code, column=column, value=str(wrong.value))), None
            else:
                yield PreviewRow(number, [_text(read[place]) for place in places], None), draft


def _text(cell: Cell) -> str:
    return "" if cell is None else shortened(str(cell), _SHOWN_CHARS)


def _keeps(kept: ImportMapping, look: Look) -> bool:
    """Whether the file's days are still written as they were when the mapping was kept."""
    kinds = {field.name: field.kind for field in TARGETS[kept.target]}
    read = writings.moment_reader(kept.day_style)
    for name, column in kept.columns.items():
        if kinds.get(name) in {"moment", "day"}:
            place = look.columns.index(column)
            try:
                for row in look.samples:
                    read(row[place])
            except ValueError:
                return False
    return kept.day_style != writings.ISO or not look.samples


def label_of(target: str) -> Message:
    """The name of a target for the reader."""
    return Target(target).label
