"""How well and how fast doubles are found among generated people, and how that grows."""

import resource
from collections.abc import Iterator

from shouyue.customers.public import measured_doubles
from shouyue.main.bench.line import Line, line

_SIZES = (10_000, 100_000, 1_000_000)
_SEED = 777  # never used to choose anything
_F1 = 0.96
_SECONDS = 90.0
_MEMORY_MB = 6_000.0


def measure_duplicates(rows: int | None) -> Iterator[Line]:
    """Lines about doubles. rows: how many people; None: 10,000, 100,000 and 1,000,000."""
    before: float | None = None
    for size in (rows,) if rows else _SIZES:
        found = measured_doubles(size, _SEED)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield line("duplicates", "F1 of pairs", size=size, value=found.f1, unit="share", bound=(">=", _F1))
        yield line("duplicates", "precision of pairs", size=size, value=found.precision, unit="share")
        yield line("duplicates", "recall of pairs", size=size, value=found.recall, unit="share")
        what = "features and linking, without decryption"
        yield line("duplicates", what, size=size, value=found.seconds, unit="s", bound=("<=", _SECONDS))
        if before:
            what = "the same, against a tenth of the people (ratio: growth)"
            ratio = found.seconds / before
            yield line("duplicates", what, size=size, value=found.seconds, unit="s", baseline=before, ratio=ratio)
        yield line("duplicates", "most memory so far", size=size, value=memory, unit="MB", bound=("<=", _MEMORY_MB))
        before = found.seconds
