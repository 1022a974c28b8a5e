"""Tables out of the product: CSV that spreadsheets open, written as a stream, with cells that run nothing."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path

from django.http import StreamingHttpResponse

from shouyue.kernel.formulas import neutral

_BLOCK_ROWS = 500


def csv_answer(name: str, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A download named `name` (ASCII, with its ending). rows: read as they are sent, so give an iterator.

    UTF-8 with a byte order mark: Excel and WPS take other CSV for the old code page.
    """
    answer = StreamingHttpResponse(_blocks(heads, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def write_csv(path: Path, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> None:
    """The same into a file, row by row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_blocks(heads, rows))


def _blocks(heads: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    text = StringIO()
    writer = csv.writer(text)
    text.write("\N{BYTE ORDER MARK}")
    writer.writerow([str(head) for head in heads])
    for number, row in enumerate(rows, start=1):
        writer.writerow([neutral(cell) for cell in row])
        if number % _BLOCK_ROWS == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
