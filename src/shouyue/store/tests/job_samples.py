"""Jobs that only the tests declare, and worker processes that run them."""

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_noop

from shouyue.store.facts import announce
from shouyue.store.jobs import Handle, JobFailedError, job
from shouyue.store.jobs.running import Pace, run_jobs
from shouyue.store.models import Fact, JobRun
from shouyue.store.tests.fact_samples import AT, NoteTaken

WORKER = """
import signal, sys, threading
from shouyue.store.jobs.running import Pace, run_jobs
from shouyue.store.tests import job_samples
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
thread = threading.Thread(target=run_jobs, args=(stop, Pace(beat_seconds=0.1, lost_seconds=1.0)))
thread.start()
print("running", flush=True)
while thread.is_alive():
    thread.join(0.2)  # a signal may reach another thread first; this one hears it when it wakes
"""


@job(name="test.note_numbers", title="Note numbers")
def note_numbers(handle: Handle, *, writer: int, count: int, chunk: int = 1, pause_seconds: float = 0.0) -> None:
    """Announces a fact per number, `chunk` of them at once; says on stdout how far it is before each commit."""
    done = handle.cursor or 0
    while done < count:
        end = min(done + chunk, count)
        with transaction.atomic():
            announce(*(NoteTaken(writer=writer, number=number) for number in range(done, end)), at=AT, by="test")
            time.sleep(pause_seconds)
            print(end, flush=True)  # noqa: T201 the test reads it
            handle.save_cursor(end, is_last=end == count)
        done = end
        handle.progress(done, count, message=gettext_noop("checking the file"))


@job(name="test.freeze_after", title="Freeze after")
def freeze_after(handle: Handle, *, writer: int, count: int, number: int) -> None:
    """Notes numbers; in its first attempt the whole process freezes after one of them, between two transactions."""
    for done in range(handle.cursor or 0, count):
        with transaction.atomic():
            announce(NoteTaken(writer=writer, number=done), at=AT, by="test")
            handle.save_cursor(done + 1, is_last=done + 1 == count)
        if (handle.attempt, done) == (1, number):
            # To this thread: a signal to the process would let it run on into its next transaction for a moment.
            signal.raise_signal(signal.SIGSTOP)
        handle.progress(done + 1, count)


@job(name="test.fail_first", title="Fail first", retries=2, backoff_seconds=0.05)
def fail_first(handle: Handle, *, times: int) -> None:
    """Fails so many times, each time after a chunk."""
    with transaction.atomic():
        announce(NoteTaken(writer=0, number=handle.attempt), at=AT, by="test")
        handle.save_cursor(handle.attempt)
    if handle.attempt <= times:
        raise ValueError(f"attempt {handle.attempt}")


@job(name="test.refuse", title="Refuse", retries=5)
def refuse(handle: Handle) -> None:
    raise JobFailedError("no such file")


@job(name="test.leave", title="Leave", retries=0)
def leave(handle: Handle) -> None:
    raise SystemExit(3)


@job(name="test.cut_connection", title="Cut the connection", retries=0)
def cut_connection(handle: Handle) -> None:
    """Loses its connection the first time, as in a restart of the database."""
    if handle.attempt == 1:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise OperationalError


@job(name="test.touch_file", title="Touch a file", is_alone=True)
def touch_file(handle: Handle, *, path: str) -> None:
    """Two at once would find the file there."""
    file = Path(path)
    file.touch(exist_ok=False)
    time.sleep(0.3)
    file.unlink()


@job(name="test.every_minute", title="Every minute", schedule="* * * * *")
def every_minute(handle: Handle) -> None:
    with transaction.atomic():
        announce(NoteTaken(writer=9, number=0), at=AT, by="test")
        handle.save_cursor(None, is_last=True)


class WorkerHere:
    """A worker in a thread of this process; what ends it before its time fails the test."""

    def __init__(self, pace: Pace) -> None:
        self.stop = threading.Event()
        self.broken: list[BaseException] = []
        self.thread = threading.Thread(target=self._run, args=(pace,))

    def _run(self, pace: Pace) -> None:
        try:
            run_jobs(self.stop, pace)
        except BaseException as defect:  # noqa: BLE001 told below
            self.broken.append(defect)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(20)
        assert not self.thread.is_alive()
        assert self.broken == []


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, list(JobRun.objects.values())
        time.sleep(0.02)


def ended(run: JobRun) -> Callable[[], bool]:
    return lambda: JobRun.objects.get(pk=run.pk).is_finished


def numbers_of(writer: int) -> list[int]:
    """What a writer has announced, in the order of announcement."""
    notes = Fact.objects.filter(kind=NoteTaken.kind, payload__writer=writer).order_by("pk")
    return [payload["number"] for payload in notes.values_list("payload", flat=True)]
