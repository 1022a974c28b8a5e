"""How far an import is, told to whoever waits for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass(frozen=True, slots=True)
class Progressed:
    """phase: check or commit. rows_total: 0 while unknown. rows_per_second: over the phase so far."""

    phase: str
    rows_done: int
    rows_total: int
    rows_per_second: float


def silent(_progressed: Progressed) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Progress:
    """Counts the rows of a phase and reports after each chunk."""

    report: Callable[[Progressed], None] = silent
    rows_total: int = 0
    _phase: str = ""
    _rows: int = 0
    _since: float = field(default_factory=monotonic)

    def advance(self, phase: str, rows: int) -> None:
        """Add rows done in the phase; another phase counts from zero."""
        if phase != self._phase:
            self._phase, self._rows = phase, 0
        self._rows += rows
        seconds = max(monotonic() - self._since, 1e-6)
        self.report(Progressed(phase, self._rows, self.rows_total, self._rows / seconds))

    def start(self, rows_total: int) -> None:
        """A phase of so many rows begins (0: not known)."""
        self.rows_total, self._rows, self._phase, self._since = rows_total, 0, "", monotonic()
