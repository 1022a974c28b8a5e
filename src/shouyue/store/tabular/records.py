"""Cuts lines into CSV records, and finds its way again after a quotation mark that is never closed."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from shouyue.store.tabular import limits
from shouyue.store.tabular.refusals import refuse

# Of the whole process, because the csv module has only one; its default of 131,072 refuses honest remarks.
csv.field_size_limit(limits.CELL_MAX)
_UNDECODABLE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that cannot be read: the code of its reason, see rows.REASONS."""

    code: str


class _RecordTooLongError(csv.Error):
    pass


class Records:
    """The records of a CSV, in order; blank lines are left out.

    A quotation mark that is opened by mistake would swallow the rows below it. So when a record cannot be
    read, only its first line counts as the bad one, and reading goes on with the second: no row gets lost.
    """

    def __init__(self, lines: Iterator[str], *, delimiter: str, name: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._name = name
        self._again: deque[str] = deque()  # lines to be read once more
        self._held: list[str] = []  # lines of the record that is being read
        self._held_chars = 0
        self._fault: Fault | None = None
        self._reread_chars = 0

    def raw(self) -> str:
        """The lines of the record yielded last."""
        return "".join(self._held).rstrip("\r\n")

    def __iter__(self) -> Iterator[list[str] | Fault]:
        while True:
            reader = csv.reader(self._feed(), delimiter=self._delimiter, strict=True)
            try:
                for cells in reader:
                    if cells:
                        yield self._fault or cells
                    self._let_go()
                return
            except csv.Error as error:
                is_too_long = isinstance(error, _RecordTooLongError) or "field larger" in str(error)
            self._go_back()
            yield Fault("cell-too-long" if is_too_long else "quote-broken")
            self._let_go()

    def _feed(self) -> Iterator[str]:
        while (line := self._again.popleft() if self._again else next(self._lines, None)) is not None:
            self._held.append(line)
            self._held_chars += len(line)
            if self._held_chars > limits.RECORD_MAX:
                raise _RecordTooLongError
            if "\0" in line:
                self._fault = Fault("nul")
            elif not line.isascii() and _UNDECODABLE.search(line):
                self._fault = Fault("bytes-undecodable")
            yield line

    def _go_back(self) -> None:
        """Keep the first line as the bad record, and put the lines behind it back."""
        first, *others = self._held
        if others:
            # Without a bound a hostile file of a few megabytes would be read again from each of its lines.
            self._reread_chars += self._held_chars
            if self._reread_chars > limits.REREAD_MAX:
                refuse("quotes-broken", name=self._name)
        self._again.extendleft(reversed(others))
        self._held = [first]

    def _let_go(self) -> None:
        self._held.clear()
        self._held_chars = 0
        self._fault = None
