"""What is compared of everybody, as tables; of very many people the second half is read by a process of its own.

To open a million persons and take them apart is more than a minute's work of one processor. What the other process
reads comes through a pipe, so it too is in memory alone. That process starts anew at `send_half`, before Django is set
up: nothing at the top of this module may need a model.
"""

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final, TypeAlias
from uuid import UUID

import django

if TYPE_CHECKING:
    import pyarrow as pa

FIRST: Final = UUID(int=0)
LAST: Final = UUID(int=2**128 - 1)
_BATCH: Final = 5_000
_MANY: Final = 100_000  # from here on the other process pays for its start
_Arrived: TypeAlias = "deque[pa.Table]"


class HalfLostError(Exception):
    """The process that read the second half ended before it was through; its own words are in the log."""


def tables_of_everybody(*, many: int = _MANY) -> "Iterator[pa.Table]":
    """Tables for `linking.joined` that together hold every person with a name, in no order.

    many: of how many people on two processes read them. Raises HalfLostError.
    """
    middle = _middle(many)
    if middle is None:
        yield from _tables(FIRST, LAST)
        return
    with _second_half(middle) as (arrived, whole):
        for table in _tables(FIRST, middle):
            yield table
            while arrived:
                yield arrived.popleft()
        whole.result()
        yield from arrived


def send_half(sink: Connection, middle: UUID) -> None:
    """The other process: everybody after `middle`, table by table, then an empty message."""
    import pyarrow as pa

    django.setup()
    with closing(sink):
        for table in _tables(middle, LAST):
            buffer = pa.BufferOutputStream()
            with pa.ipc.new_stream(buffer, table.schema) as stream:
                stream.write_table(table)
            sink.send_bytes(buffer.getvalue())
        sink.send_bytes(b"")


@contextmanager
def _second_half(middle: UUID) -> "Iterator[tuple[_Arrived, Future[None]]]":
    """Tables as they arrive, and the end of it; whoever leaves early ends the process."""
    fresh = multiprocessing.get_context("spawn")  # a fork would share the connections of this process's threads
    source, sink = fresh.Pipe(duplex=False)
    process = fresh.Process(target=send_half, args=(sink, middle), daemon=True)
    process.start()
    sink.close()
    arrived: _Arrived = deque()
    try:
        with ThreadPoolExecutor(1) as receiver, closing(source):
            try:
                yield arrived, receiver.submit(_receive, source, arrived)
            finally:
                process.terminate()  # when all is well it has nothing left to do
                process.join()
    finally:
        process.close()


def _receive(source: Connection, arrived: "_Arrived") -> None:
    import pyarrow as pa

    try:
        while message := source.recv_bytes():
            arrived.append(pa.ipc.open_stream(pa.py_buffer(message)).read_all())
    except EOFError:
        raise HalfLostError("the process that read the second half of the people ended early") from None


def _tables(after: UUID, until: UUID) -> "Iterator[pa.Table]":
    from shouyue.customers.duplicates.queries.persons import features_of_all
    from shouyue.customers.linking.public import table_of

    for people in features_of_all(batch=_BATCH, after=after, until=until):
        yield table_of({str(who): found for who, found in people.items()})


def _middle(many: int) -> UUID | None:
    """The person in the middle when there are so many; None when one process does."""
    from shouyue.customers.people.public import Person

    total = Person.objects.count()
    if total < many:
        return None
    return Person.objects.order_by("pk").values_list("pk", flat=True)[total // 2]
