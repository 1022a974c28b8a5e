"""The worker as a process: it sequences, reacts, ends on SIGTERM with 0 and on a defect with 1."""

import signal
import threading
import time

from django.db import transaction

from shouyue.main.worker import run_worker
from shouyue.store.facts import announce
from shouyue.store.jobs import enqueue, forget_job_runs
from shouyue.store.models import FactReader, JobRun, JobState
from shouyue.store.readers import head_position
from shouyue.store.tests.fact_samples import AT, NoteRead, start_process

WORKER = """
import sys
from shouyue.main import worker
from shouyue.main.reactions import Reaction, run_reactions
notes = Reaction("notes", frozenset({"notes.read"}), len)
worker.LOOPS["reactions"] = lambda stop: run_reactions(stop, [notes])
print("running", flush=True)
sys.exit(worker.run_until_stopped())
"""

BROKEN_WORKER = """
import sys
from shouyue.main import worker
def broken(stop):
    raise ZeroDivisionError
worker.LOOPS["broken"] = broken
sys.exit(worker.run_until_stopped())
"""


def read_note() -> None:
    with transaction.atomic():
        announce(NoteRead(text="a"), at=AT, by="test")


def wait_until(happened) -> None:
    deadline = time.monotonic() + 90
    while not happened():
        assert time.monotonic() < deadline, "the worker did not do it"
        time.sleep(0.02)


def test_a_worker_sequences_and_reacts_until_sigterm(fresh_database):
    process = start_process(WORKER)
    try:
        read_note()
        wait_until(lambda: FactReader.objects.filter(pk="notes", position=1).exists())
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
    finally:
        process.kill()
        process.communicate()
    assert head_position() == 1


def test_the_worker_runs_jobs_beside_the_facts(fresh_database):
    run = enqueue(forget_job_runs, {}, by="test")
    process = start_process(WORKER)
    try:
        wait_until(lambda: JobRun.objects.get(pk=run.pk).state == JobState.DONE)
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
    finally:
        process.kill()
        process.communicate()


def test_a_defect_in_one_loop_ends_the_worker_for_a_fresh_start(fresh_database):
    process = start_process(BROKEN_WORKER)
    try:
        assert process.wait(90) == 1
    finally:
        process.kill()
        process.communicate()


def test_a_worker_inside_another_process_ends_when_told(fresh_database):
    stop, codes = threading.Event(), []
    thread = threading.Thread(target=lambda: codes.append(run_worker(stop)))
    thread.start()
    try:
        read_note()
        wait_until(lambda: head_position() == 1)
    finally:
        stop.set()
        thread.join(30)
    assert codes == [0]
