"""What the facts outbox costs: writers with and without announcing, sequencing, and waiting for news."""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

from django.db import connection, transaction

from shouyue.kernel import clock
from shouyue.main.bench.line import Line, line
from shouyue.store.facts import FactBase, announce
from shouyue.store.models import FactReader
from shouyue.store.readers import follow, head_position
from shouyue.store.sequencer import sequence_once

_ROWS = 400_000
_WRITERS = 8
_WRITES_SHARE = 25  # one round of writers commits rows / 25 times
_ROUNDS = 3
_POLLS = 300


class NotScratchError(Exception):
    """The database holds facts already: they cannot be removed, so this must not add to them."""


@dataclass(frozen=True, kw_only=True)
class RowWritten(FactBase):
    key: str


def measure_facts(rows: int | None) -> Iterator[Line]:
    """Lines about the outbox. rows: facts at which sequencing and idle polls are measured, default 400,000.

    Raises NotScratchError where facts exist.
    """
    if head_position():
        raise NotScratchError("measure on an empty database")
    size = rows or _ROWS
    announced = yield from _writers_cost(max(size // _WRITES_SHARE, _WRITERS))
    yield from _sequencing(size, announced)
    yield from _idle(size)


def _writers_cost(writes: int) -> Generator[Line, None, float]:
    """Rounds with and without announcing take turns, so that what else the machine does hits both.

    Returns commits with a fact per second.
    """
    plain, announced = [], []
    for number in range(_ROUNDS):
        plain.append(_writes_per_second(_write_plain, writes, f"plain-{number}"))
        announced.append(_writes_per_second(_write_announced, writes, f"announced-{number}"))
    without, with_fact = statistics.median(plain), statistics.median(announced)
    yield line(
        "facts",
        f"{_WRITERS} writers, one row and one fact per commit, against the row alone (ratio: writers' cost)",
        size=writes,
        value=with_fact,
        unit="commits/s",
        baseline=without,
        ratio=without / with_fact,
        bound=("<=", 2.0),
    )
    return with_fact


def _writes_per_second(write: Callable[[str], None], writes: int, label: str) -> float:
    each = writes // _WRITERS
    connection.close()  # a forked process must not speak on its parent's connection
    fork = multiprocessing.get_context("fork")
    gate = fork.Barrier(_WRITERS + 1)
    writers = [
        fork.Process(target=_write_all, args=(write, each, f"{label}-{number}", gate)) for number in range(_WRITERS)
    ]
    for writer in writers:
        writer.start()
    gate.wait()
    began = time.perf_counter()
    for writer in writers:
        writer.join()
    seconds = time.perf_counter() - began
    if any(writer.exitcode for writer in writers):
        raise RuntimeError("a writer failed")
    return each * _WRITERS / seconds


def _write_all(write: Callable[[str], None], count: int, label: str, gate: Barrier) -> None:
    connection.ensure_connection()
    gate.wait()
    for number in range(count):
        write(f"{label}-{number}")
    connection.close()


def _write_plain(key: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        _insert(cursor.execute, key)


def _write_announced(key: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        _insert(cursor.execute, key)
        announce(RowWritten(key=key), at=clock.now(), by="bench")


def _insert(execute: Callable[[str, list[str]], object], key: str) -> None:
    # Readers serve as the plain row: an ordinary table with a text key that this role may fill.
    execute(
        "INSERT INTO store_factreader (name, position, failures, last_error) VALUES (%s, 0, 0, '')",
        [f"bench-{key}"],
    )


def _sequencing(size: int, announced_per_second: float) -> Iterator[Line]:
    missing = size - _waiting()
    for start in range(0, missing, 1000):
        with transaction.atomic():
            facts = (RowWritten(key=str(number)) for number in range(start, min(start + 1000, missing)))
            announce(*facts, at=clock.now(), by="bench")
    began, placed = time.perf_counter(), 0
    while count := sequence_once():
        placed += count
    rate = placed / (time.perf_counter() - began)
    yield line(
        "facts",
        "one sequencer giving positions, against what the writers announced",
        size=placed,
        value=rate,
        unit="facts/s",
        baseline=announced_per_second,
        ratio=rate / announced_per_second,
        bound=(">=", 1.0),
    )


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_pendingfact")
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def _idle(size: int) -> Iterator[Line]:
    reader = FactReader.objects.create(name="bench", position=head_position())
    nothing = _median_ms(_select_one)
    polls: dict[str, Callable[[], object]] = {
        "a sequencer's poll": sequence_once,
        "a reader's poll": lambda: follow(reader.name, len),
    }
    for who, poll in polls.items():
        value = _median_ms(poll)
        yield line(
            "facts",
            f"{who} when there is nothing new, after that many facts, against SELECT 1",
            size=size,
            value=value,
            unit="ms",
            baseline=nothing,
            ratio=value / nothing,
        )
        yield line("facts", f"{who}: bound", size=size, value=value, unit="ms", bound=("<=", 5.0))


def _select_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_POLLS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000
