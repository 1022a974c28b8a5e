"""How fast people come in, sealed and findable, and how long a look-up takes among them."""

import csv
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from shouyue.customers.public import customers_found
from shouyue.kernel import clock
from shouyue.main.bench.line import Line, line
from shouyue.main.demo import persons
from shouyue.main.mappings import BY_NAME
from shouyue.store.imports.engine import Request, import_files

_SIZE = 1_000_000
_ROWS_PER_SECOND = 1_000_000 / 300  # a million people in five minutes
_MEMORY_MB = 500.0
_P95_MS = 100.0
_ASKED = 200
_BLOCK = 50_000
_SEED = 20260401


def measure_people(rows: int | None) -> Iterator[Line]:
    """Lines about people. rows: of one generated list; None: 1,000,000."""
    size = rows or _SIZE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        asked = _write(path, size)
        began = time.perf_counter()
        import_files(BY_NAME["customers"], Request([path], by="bench"), now=clock.now)
        imported = size / (time.perf_counter() - began)
    what = "rows of a CSV checked, sealed, recorded, made findable"
    yield line("people", what, size=size, value=imported, unit="rows/s", bound=(">=", _ROWS_PER_SECOND))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    what = "most memory of the importing process, from its start"
    yield line("people", what, size=size, value=memory, unit="MB", bound=("<=", _MEMORY_MB))
    for name, ask in _LOOK_UPS.items():
        took = np.percentile([_milliseconds(ask(row)) for row in asked], (50, 95))
        for percentile, value in zip((50, 95), took.tolist(), strict=True):
            what = f"search by {name}, p{percentile}"
            yield line("people", what, size=size, value=value, unit="ms", bound=("<=", _P95_MS))


# What is typed to find the person of a row.
_LOOK_UPS: dict[str, Callable[[tuple[str, ...]], str]] = {
    "a whole name": lambda row: row[1],
    "two characters within a name": lambda row: row[1][-2:],
    "a surname alone": lambda row: row[1][0],
    "the last four digits of a phone": lambda row: row[3][-4:],
    "a surname and the last four digits": lambda row: f"{row[1][0]} {row[3][-4:]}",
    "a whole phone": lambda row: row[3],
    "an e-mail address": lambda row: row[4],
}


def _milliseconds(text: str) -> float:
    began = time.perf_counter()
    customers_found(text)
    return (time.perf_counter() - began) * 1_000


def _write(path: Path, size: int) -> list[tuple[str, ...]]:
    """The demo's people, as many as wanted; returns some of them who have phone and e-mail."""
    random = np.random.default_rng(_SEED)
    asked: list[tuple[str, ...]] = []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(persons.COLUMNS)
        for start in range(0, size, _BLOCK):
            block = list(persons.customers(random, min(_BLOCK, size - start), first=start, with_moves=False))
            asked += [row for row in block if row[3] and row[4] and "-02-30" not in row[5]][
                : 1 + _ASKED * _BLOCK // size
            ]
            writer.writerows(block)
    return asked[:_ASKED]
