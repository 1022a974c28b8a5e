"""What a run of a job goes through: enqueued with its transaction, once per key, cancelled, failed, started again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.store.jobs import (
    Handle,
    JobFailedError,
    JobKeyTakenError,
    JobNotRepeatableError,
    cancel,
    engine,
    enqueue,
    forget_job_runs,
    job,
    runs,
    start_again,
)
from shouyue.store.jobs.declared import Job, JobNameTakenError
from shouyue.store.jobs.handle import CursorOutsideTransactionError, JobTakenOverError
from shouyue.store.jobs.running import perform
from shouyue.store.jobs.schedule import last_due, next_due
from shouyue.store.models import JobRun, JobState
from shouyue.store.models.jobs import BY_SCHEDULE
from shouyue.store.tests.job_samples import fail_first, note_numbers, numbers_of, refuse

LATER = datetime(2099, 1, 1, tzinfo=UTC)


class TakenBackError(Exception):
    pass


def work() -> list[JobState]:
    """Carry out what is due, one after the other; returns the states the runs then had."""
    worker = engine.enrol()
    states = []
    while delivery := engine.take(worker):
        perform(delivery, must_stop=lambda: False)
        states.append(JobState(JobRun.objects.get(pk=delivery.run_id).state))
    engine.retire(worker)
    return states


@pytest.mark.django_db
def test_a_job_runs_and_tells_how_far_it_is():
    run = enqueue(note_numbers, {"writer": 1, "count": 5, "chunk": 2}, by="staff:7")
    assert (run.state, run.by, run.attempts) == (JobState.WAITING, "staff:7", 0)
    assert work() == [JobState.DONE]
    run.refresh_from_db()
    assert (run.done, run.total, run.message, run.cursor) == (5, 5, "checking the file", 5)
    assert run.finished_at is not None
    assert numbers_of(1) == [0, 1, 2, 3, 4]
    assert work() == []


@pytest.mark.django_db
def test_a_callers_rollback_leaves_no_job():
    def action() -> None:
        with transaction.atomic():
            enqueue(note_numbers, {"writer": 1, "count": 5}, by="test")
            raise TakenBackError

    with pytest.raises(TakenBackError):
        action()
    assert (JobRun.objects.count(), work()) == (0, [])


@pytest.mark.django_db
def test_the_same_key_is_the_same_run():
    arguments = {"writer": 1, "count": 2}
    first = enqueue(note_numbers, arguments, by="test", key="a")
    assert enqueue(note_numbers, dict(arguments), by="other", key="a").pk == first.pk
    assert work() == [JobState.DONE]
    assert enqueue(note_numbers, arguments, by="test", key="a").state == JobState.DONE
    assert work() == []
    with pytest.raises(JobKeyTakenError):
        enqueue(note_numbers, {"writer": 1, "count": 3}, by="test", key="a")
    with pytest.raises(JobKeyTakenError):
        enqueue(refuse, {}, by="test", key="a")
    assert JobRun.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments", [{"writer": 1}, {"writer": 1, "count": 2, "more": 3}, {"writer": 1, "count": {1}}]
)
def test_arguments_that_do_not_fit_are_refused_at_once(arguments):
    with pytest.raises(TypeError):
        enqueue(note_numbers, arguments, by="test")
    assert JobRun.objects.count() == 0


@pytest.mark.django_db
def test_a_job_for_later_waits():
    run = enqueue(note_numbers, {"writer": 1, "count": 2}, by="test", at=LATER)
    assert (run.next_at, work()) == (LATER, [])


@pytest.mark.django_db
def test_a_run_delivered_before_its_time_is_put_off():
    """As after a cancelled run was started again: the engine then has two deliveries of it."""
    run = enqueue(note_numbers, {"writer": 1, "count": 2}, by="test", at=LATER)
    engine.send(run.pk, lock="other")
    assert work() == [JobState.WAITING]
    run.refresh_from_db()
    assert (run.state, run.attempts, work()) == (JobState.WAITING, 0, [])


@pytest.mark.django_db
def test_a_waiting_run_is_cancelled_at_once_and_can_be_started_again():
    run = enqueue(note_numbers, {"writer": 1, "count": 2}, by="test")
    at = clock.now()
    cancelled = cancel(run.pk, by="staff:7", at=at)
    assert (cancelled.state, cancelled.finished_at, cancelled.cancel_by) == (JobState.CANCELLED, at, "staff:7")
    assert work() == [JobState.CANCELLED]
    assert numbers_of(1) == []
    start_again(run.pk, by="staff:8", at=at)
    assert work() == [JobState.DONE]
    assert numbers_of(1) == [0, 1]
    done = JobRun.objects.get()
    assert (done.state, done.by, done.cancel_by) == (JobState.DONE, "staff:8", "")


@pytest.mark.django_db
def test_an_ended_run_is_neither_cancelled_nor_started_again():
    run = enqueue(note_numbers, {"writer": 1, "count": 2}, by="test")
    work()
    before = JobRun.objects.values().get()
    cancel(run.pk, by="test", at=clock.now())
    start_again(run.pk, by="test", at=clock.now())
    assert (JobRun.objects.values().get(), work()) == (before, [])


@pytest.mark.django_db
def test_a_cancelled_run_whose_worker_died_is_not_taken_up():
    run = enqueue(note_numbers, {"writer": 1, "count": 2}, by="test")
    runs.take_up(run.pk, at=clock.now(), must_stop=lambda: False)
    assert cancel(run.pk, by="test", at=clock.now()).state == JobState.RUNNING
    assert work() == [JobState.CANCELLED]
    assert numbers_of(1) == []


@pytest.mark.django_db
def test_a_refusal_fails_at_once_and_is_told_in_each_language():
    run = enqueue(refuse, {}, by="test")
    assert work() == [JobState.FAILED]
    run.refresh_from_db()
    assert (run.attempts, run.error) == (1, {"zh-hans": "no such file", "en": "no such file"})

    @job(name="test.refuse_in_words", title="Refuse in words")
    def refuse_in_words(handle: Handle) -> None:
        raise JobFailedError(_("Background jobs"))

    spoken = enqueue(refuse_in_words, {}, by="test")
    work()
    spoken.refresh_from_db()
    assert spoken.error_in("en") == "Background jobs"


@pytest.mark.django_db
def test_an_error_waits_longer_each_time_and_then_fails():
    run = enqueue(fail_first, {"times": 9}, by="test")
    waits = []
    for _attempt in range(3):
        handle = runs.take_up(run.pk, at=clock.now() + timedelta(hours=1), must_stop=lambda: False)
        engine.send(run.pk, lock=str(handle.claim))
        worker = engine.enrol()
        delivery = engine.take(worker)
        at = clock.now()
        runs.fail(handle, delivery, fail_first, error={"": "no"}, at=at)
        run.refresh_from_db()
        waits.append((run.state, run.failures, round((run.next_at - at).total_seconds(), 2)))
    assert waits[:2] == [(JobState.WAITING, 1, 0.05), (JobState.WAITING, 2, 0.1)]
    assert waits[2][:2] == (JobState.FAILED, 2)
    assert run.error_in("zh-hans") == "no"


@pytest.mark.django_db
def test_a_run_that_kills_every_worker_ends():
    run = enqueue(note_numbers, {"writer": 1, "count": 2}, by="test")
    handles = [runs.take_up(run.pk, at=clock.now(), must_stop=lambda: False) for _ in range(runs.LOSSES_MAX + 2)]
    assert [handle is None for handle in handles] == [False] * (runs.LOSSES_MAX + 1) + [True]
    run.refresh_from_db()
    assert (run.state, run.losses) == (JobState.FAILED, runs.LOSSES_MAX + 1)
    assert run.error_in("en").startswith("6 workers in a row")


@pytest.mark.django_db
def test_a_claim_that_was_taken_over_writes_nothing():
    run = enqueue(note_numbers, {"writer": 1, "count": 2}, by="test")
    first = runs.take_up(run.pk, at=clock.now(), must_stop=lambda: False)
    second = runs.take_up(run.pk, at=clock.now(), must_stop=lambda: False)
    with pytest.raises(JobTakenOverError), transaction.atomic():
        first.save_cursor(7)
    with pytest.raises(JobTakenOverError):
        first.progress(1, 2)
    with transaction.atomic():
        second.save_cursor(1)
    run.refresh_from_db()
    assert (run.cursor, run.done, run.losses) == (1, 0, 0)


def test_a_cursor_needs_the_transaction_of_its_effects(fresh_database):
    run = enqueue(note_numbers, {"writer": 1, "count": 2}, by="test")
    handle = runs.take_up(run.pk, at=clock.now(), must_stop=lambda: False)
    with pytest.raises(CursorOutsideTransactionError):
        handle.save_cursor(1)


@pytest.mark.django_db
def test_a_job_that_the_code_no_longer_has_fails_and_stays():
    gone = Job("test.gone", "Gone", lambda handle: None, 0, 1.0, None, is_alone=False)
    run = enqueue(gone, {}, by="test")
    assert work() == [JobState.FAILED]
    run.refresh_from_db()
    assert run.error_in("en") == "this version of the program has no job 'test.gone'"
    with pytest.raises(JobNotRepeatableError):
        start_again(run.pk, by="test", at=clock.now())


def test_a_name_belongs_to_one_function():
    with pytest.raises(JobNameTakenError):
        job(name="test.refuse", title="Another")(lambda handle: None)


def test_a_scheduled_job_takes_no_arguments():
    with pytest.raises(TypeError):
        job(name="test.needs", title="Needs", schedule="* * * * *")(lambda handle, needed: None)


def test_ticks_are_told_in_the_zone_of_the_installation(settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    at = datetime(2026, 3, 1, 19, 29, tzinfo=UTC)  # 03:29 of the second of March in Shanghai
    assert last_due("30 3 * * *", at=at) == datetime(2026, 2, 28, 19, 30, tzinfo=UTC)
    assert next_due("30 3 * * *", at=at) == datetime(2026, 3, 1, 19, 30, tzinfo=UTC)
    assert last_due("30 3 * * *", at=at + timedelta(minutes=1, seconds=5)) == at + timedelta(minutes=1)


@pytest.mark.django_db
def test_scheduled_runs_that_ended_long_ago_are_forgotten():
    now, asked = clock.now(), {"state": JobState.DONE, "name": "test.refuse"}
    old, recent = now - timedelta(days=91), now - timedelta(days=89)
    JobRun.objects.create(**asked, by=BY_SCHEDULE, finished_at=old)
    kept = JobRun.objects.create(**asked, by=BY_SCHEDULE, finished_at=recent)
    evidence = JobRun.objects.create(**asked, by="staff:7", finished_at=old)
    run = enqueue(forget_job_runs, {}, by="test")
    assert work() == [JobState.DONE]
    assert set(JobRun.objects.values_list("pk", flat=True)) == {kept.pk, evidence.pk, run.pk}
