"""Cells that come in by hand: pasted from a spreadsheet, or rejected rows mended in the browser."""

import csv
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from shouyue.intake.actions.receiving import Choice, choose, receive
from shouyue.intake.models import Upload, uploads_folder
from shouyue.intake.queries import look_at, proposal


def receive_text(text: str, *, name: str, by: str, party: str, at: datetime) -> Upload:
    """Take over a pasted table as if it were a file: cells parted by tabs, the columns' names first.

    Raises FileRefusedError; then nothing is kept.
    """
    with tempfile.NamedTemporaryFile(dir=uploads_folder(), prefix="incoming-", delete=False) as file:
        # Without a mark of the encoding a short text could be taken for another one.
        file.write(text.encode("utf-8-sig", "replace"))
    return _received(Path(file.name), name=name, by=by, party=party, at=at)


def receive_rows(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, name: str, by: str, party: str, at: datetime
) -> Upload:
    """Take over mended rows as a file of their own, and rehearse it where the columns are known already.

    Raises FileRefusedError; then nothing is kept.
    """
    with tempfile.NamedTemporaryFile(
        "w", dir=uploads_folder(), prefix="incoming-", delete=False, encoding="utf-8-sig", newline=""
    ) as file:
        csv.writer(file).writerows([heads, *rows])
    upload = _received(Path(file.name), name=name, by=by, party=party, at=at)
    look = look_at(upload)
    known = proposal(upload, look)
    if known.kept is None:
        return upload
    choice = Choice(
        target=known.target,
        sheet=look.sheet,
        columns=known.columns,
        day_style=known.day_style,
        amount_style=known.amount_style,
        currency=known.currency,
        zone=known.zone,
    )
    return choose(upload.pk, choice, look, by=by, at=at)


def _received(path: Path, *, name: str, by: str, party: str, at: datetime) -> Upload:
    try:
        return receive(path, name=name, by=by, party=party, at=at)
    finally:
        path.unlink(missing_ok=True)
