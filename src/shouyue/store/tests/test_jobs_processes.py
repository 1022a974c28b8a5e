"""Jobs in real worker processes: killed, stopped, two at once, cancelled; every effect happens exactly once."""

import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psutil
import pytest
from django.db import connection, transaction

from shouyue.kernel import clock
from shouyue.store.jobs import cancel, engine, enqueue, schedule
from shouyue.store.jobs.declared import scheduled_jobs
from shouyue.store.jobs.running import Pace
from shouyue.store.models import JobRun, JobSchedule, JobState
from shouyue.store.tests.fact_samples import start_process
from shouyue.store.tests.job_samples import (
    WORKER,
    WorkerHere,
    cut_connection,
    ended,
    every_minute,
    fail_first,
    freeze_after,
    leave,
    note_numbers,
    numbers_of,
    touch_file,
    wait_until,
)

COUNT = 40


@pytest.fixture
def workers(fresh_database):
    """Starts worker processes; what still runs afterwards is killed."""
    started = []

    def start():
        process = start_process(WORKER)
        started.append(process)
        assert process.stdout.readline() == "running\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(60)
        process.stdout.close()


def read_until(process, number):
    """Reads what the job says until it has come to the number; a worker that does not come so far is killed."""
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    try:
        while (line := process.stdout.readline()) != f"{number}\n":
            assert line, f"the job did not come to {number}"
    finally:
        watchdog.cancel()


def test_a_killed_workers_job_is_finished_once_by_the_next(workers):
    run = enqueue(note_numbers, {"writer": 1, "count": COUNT, "pause_seconds": 0.01}, by="test")
    kills = sorted(random.sample(range(1, COUNT), 2))
    for chunk in kills:
        process = workers()
        read_until(process, chunk)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        assert numbers_of(1) == list(range(len(numbers_of(1)))), kills
        assert len(numbers_of(1)) in {chunk - 1, chunk}, kills
    workers()
    wait_until(ended(run))
    run.refresh_from_db()
    assert (run.state, run.attempts, run.failures, run.cursor) == (JobState.DONE, 3, 0, COUNT), kills
    assert numbers_of(1) == list(range(COUNT)), kills


def test_a_worker_told_to_stop_hands_its_job_back(workers):
    run = enqueue(note_numbers, {"writer": 1, "count": COUNT, "pause_seconds": 0.02}, by="test")
    process = workers()
    read_until(process, 3)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    run.refresh_from_db()
    assert run.state == JobState.WAITING
    assert numbers_of(1) == list(range(run.cursor))
    assert 3 <= run.cursor < COUNT
    workers()
    wait_until(ended(run))
    assert numbers_of(1) == list(range(COUNT))


def test_two_workers_run_each_job_once(workers):
    runs = [enqueue(note_numbers, {"writer": number, "count": 5}, by="test") for number in range(1, 13)]
    workers()
    workers()
    wait_until(lambda: not JobRun.objects.exclude(state=JobState.DONE).exists())
    assert [numbers_of(number) for number in range(1, 13)] == [list(range(5))] * len(runs)
    assert set(JobRun.objects.values_list("attempts", flat=True)) == {1}


def test_a_worker_taken_for_dead_writes_nothing_more(workers):
    """The first worker is frozen until the second has taken its job over, then goes on."""
    run = enqueue(freeze_after, {"writer": 1, "count": 10, "number": 3}, by="test")
    first = workers()
    wait_until(lambda: psutil.Process(first.pid).status() == psutil.STATUS_STOPPED)
    connection.close()
    workers()
    wait_until(lambda: JobRun.objects.get(pk=run.pk).attempts == 2)
    first.send_signal(signal.SIGCONT)
    wait_until(ended(run))
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    assert numbers_of(1) == list(range(10))


def test_a_worker_that_freezes_over_the_schedule_holds_nobody_up(workers):
    """The first freezes in the transaction that notes when a scheduled job was looked at; the next must get past it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {JobSchedule._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        first = workers()
        wait_until(lambda: is_somebody_waiting(cursor))
        first.send_signal(signal.SIGSTOP)
        wait_until(lambda: psutil.Process(first.pid).status() == psutil.STATUS_STOPPED)
    assert not JobSchedule.objects.exists()
    workers()
    wait_until(lambda: JobSchedule.objects.count() == len(scheduled_jobs()))
    first.send_signal(signal.SIGCONT)
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0


def is_somebody_waiting(cursor):
    cursor.execute(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        " WHERE NOT granted AND datname = current_database()"
    )
    return cursor.fetchone()[0] > 0


def test_a_running_job_is_cancelled_at_its_next_progress(workers):
    run = enqueue(note_numbers, {"writer": 1, "count": 10_000, "pause_seconds": 0.01}, by="test")
    process = workers()
    read_until(process, 3)
    cancel(run.pk, by="staff:1", at=clock.now())
    wait_until(ended(run))
    run.refresh_from_db()
    assert (run.state, run.cancel_by) == (JobState.CANCELLED, "staff:1")
    assert numbers_of(1) == list(range(run.cursor))


def test_a_lost_connection_and_an_exit_leave_the_worker_working(fresh_database):
    lost = enqueue(cut_connection, {}, by="test")
    gone = enqueue(leave, {}, by="test")
    after = enqueue(note_numbers, {"writer": 1, "count": 3}, by="test")
    with WorkerHere(Pace(slots=1, beat_seconds=0.1, lost_seconds=1.0)):
        wait_until(lambda: all(ended(run)() for run in (lost, gone, after)))
    states = [JobRun.objects.get(pk=run.pk) for run in (lost, gone, after)]
    assert [run.state for run in states] == [JobState.DONE, JobState.FAILED, JobState.DONE]
    assert [run.error_in("en") for run in states] == ["", "SystemExit: 3", ""]
    assert states[0].failures == 0


def test_an_error_is_tried_again_until_it_passes(fresh_database):
    run, lasting = (enqueue(fail_first, {"times": times}, by="test") for times in (2, 9))
    with WorkerHere(Pace(beat_seconds=60)):
        wait_until(lambda: ended(run)() and ended(lasting)())
    run.refresh_from_db()
    lasting.refresh_from_db()
    assert (run.state, run.attempts, run.failures, run.error) == (JobState.DONE, 3, 2, {})
    assert (lasting.state, lasting.attempts, lasting.error_in("en")) == (JobState.FAILED, 3, "ValueError: attempt 3")
    assert sorted(numbers_of(0)) == [1, 1, 2, 2, 3, 3]


def test_of_a_job_that_is_alone_no_two_run_at_once(fresh_database, tmp_path):
    path = str(tmp_path / "there")
    runs = [enqueue(touch_file, {"path": path}, by="test") for _ in range(3)]
    with WorkerHere(Pace(slots=3, beat_seconds=0.1)):
        wait_until(lambda: all(ended(run)() for run in runs))
    assert set(JobRun.objects.values_list("state", "attempts")) == {(JobState.DONE, 1)}


def test_a_scheduled_tick_is_enqueued_once_by_many_workers(fresh_database):
    now = clock.now()
    schedule.tick(at=now)
    at = now + timedelta(minutes=3)
    gate = threading.Barrier(4)

    def look() -> int:
        gate.wait(60)
        try:
            return schedule.tick(at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(look) for _ in range(4)]
        enqueued = sum(one.result() for one in looks)
    assert enqueued == JobRun.objects.count() == len({run.name for run in JobRun.objects.all()})
    assert JobRun.objects.filter(name=every_minute.name).count() == 1
    assert JobSchedule.objects.get(pk=every_minute.name).ticked_at == at.replace(second=0, microsecond=0)
    with WorkerHere(Pace(beat_seconds=60)):
        wait_until(lambda: not JobRun.objects.exclude(state=JobState.DONE).exists())
    assert numbers_of(9) == [0]


def test_a_run_that_the_engine_forgot_is_sent_again(fresh_database):
    run = enqueue(note_numbers, {"writer": 1, "count": 3}, by="test")
    worker = engine.enrol()
    engine.acknowledge(engine.take(worker))
    with WorkerHere(Pace(beat_seconds=0.1, forgotten_seconds=0.1)):
        wait_until(ended(run))
    assert numbers_of(1) == [0, 1, 2]
