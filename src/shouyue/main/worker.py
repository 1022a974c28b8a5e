"""The background worker: gives facts their positions, lets the rooms react and runs jobs, until told to stop."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence

from shouyue.main.reactions import run_reactions
from shouyue.rest.public import run_webhooks
from shouyue.store.jobs.running import run_jobs
from shouyue.store.sequencer import run_sequencer

log = logging.getLogger(__name__)

Loop = Callable[[threading.Event], None]
LOOPS: dict[str, Loop] = {
    "sequencer": run_sequencer,
    "reactions": run_reactions,
    "webhooks": run_webhooks,
    "jobs": run_jobs,
}


def run_until_stopped() -> int:
    """Run the worker until SIGTERM or SIGINT; returns the exit code. Call it on the main thread."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return run_worker(stop)


def run_worker(stop: threading.Event) -> int:
    """Run all loops until `stop` is set; returns the exit code.

    What is under way when the stop comes is finished first; a job is handed back at its next progress. 1 means that
    a loop met a defect: the others were stopped too, so that whoever supervises the process starts it afresh.
    """
    broken: list[str] = []
    threads = [
        threading.Thread(target=_run, args=(name, loop, stop, broken), name=name) for name, loop in LOOPS.items()
    ]
    for thread in threads:
        thread.start()
    wait_for(threads)
    return 1 if broken else 0


def wait_for(threads: Sequence[threading.Thread]) -> None:
    """Until all of them have ended, hearing signals meanwhile. Call it on the main thread.

    Joining, not stop.wait(): a signal's stop.set() would wait for ever on a lock that this thread holds. A second at a
    time: the system may give a signal to another thread, and this one runs the handler when it wakes.
    """
    while any(thread.is_alive() for thread in threads):
        for thread in threads:
            thread.join(1.0)


def _run(name: str, loop: Loop, stop: threading.Event, broken: list[str]) -> None:
    try:
        loop(stop)
    except Exception:
        log.exception("the %s loop met a defect", name)
        broken.append(name)
        stop.set()
