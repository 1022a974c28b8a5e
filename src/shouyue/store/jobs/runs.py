"""The record of runs: what people and rooms do with them, and how an attempt begins and ends.

Each function is one transaction that locks the run. Whatever the engine delivers twice, late or not at all, a run has
one claim at a time and one end.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from shouyue.kernel.ids import new_id
from shouyue.store.jobs import engine
from shouyue.store.jobs.declared import Job, declared_job
from shouyue.store.jobs.handle import Handle, JobTakenOverError
from shouyue.store.models.jobs import UNFINISHED, JobRun, JobState

LOSSES_MAX = 5  # a run that kills every worker must not go round for ever
_CLOCKS_APART = timedelta(seconds=5)  # the engine goes by the database's clock, a worker by its own
_BACKOFF_SECONDS_MAX = 600.0


class JobKeyTakenError(Exception):
    """The key already names a run of another job or with other arguments."""


class JobNotRepeatableError(Exception):
    """Only a run that failed or was cancelled can be started again, and only while the code still has its job."""


class NotDueYetError(Exception):
    """The run waits for a later moment."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(due_at)
        self.due_at = due_at


@transaction.atomic
def enqueue(
    job: Job, arguments: Mapping[str, Any], *, by: str, at: datetime | None = None, key: str | None = None
) -> JobRun:
    """Have the job run in the background; the run exists if the caller's transaction commits, else not.

    by: who wants it, e.g. "staff:7". at: not before (aware); None means now. key: the same key is the same run, also
    when it has ended. Raises TypeError for arguments that do not fit, JobKeyTakenError.
    """
    run = JobRun(name=job.name, arguments=job.fitting(arguments), key=key, by=by, id=new_id())
    if at is not None:
        run.next_at = at
    JobRun.objects.bulk_create([run], ignore_conflicts=key is not None)
    kept = JobRun.objects.get(key=key) if key is not None else JobRun.objects.get(pk=run.pk)
    if kept.pk == run.pk:
        _send(kept, at=at)
    elif (kept.name, kept.arguments) != (run.name, run.arguments):
        raise JobKeyTakenError(key)
    return kept


@transaction.atomic
def cancel(run_id: UUID, *, by: str, at: datetime) -> JobRun:
    """Cancel a waiting run; ask a running one to stop at its next progress. An ended one stays as it is."""
    run = _locked(run_id)
    if run.is_finished or run.cancel_asked_at:
        return run
    run.cancel_asked_at, run.cancel_by = at, by
    if run.state == JobState.WAITING:
        run.state, run.finished_at = JobState.CANCELLED, at
    run.save()
    return run


@transaction.atomic
def start_again(run_id: UUID, *, by: str, at: datetime) -> JobRun:
    """Let a failed or cancelled run go on behind its cursor; one that waits, runs or is done stays as it is.

    Raises JobNotRepeatableError when this version of the code has no such job.
    """
    run = _locked(run_id)
    if run.state not in {JobState.FAILED, JobState.CANCELLED}:
        return run
    if declared_job(run.name) is None:
        raise JobNotRepeatableError(run.name)
    run.state, run.by, run.next_at, run.finished_at = JobState.WAITING, by, at, None
    run.cancel_asked_at, run.cancel_by = None, ""
    run.failures = run.losses = 0
    run.save()
    _send(run, at=None)
    return run


@transaction.atomic
def take_up(run_id: UUID, *, at: datetime, must_stop: Callable[[], bool]) -> Handle | None:
    """Claim the run for a new attempt; None if there is nothing to do any more. Raises NotDueYetError."""
    run = JobRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or run.is_finished:
        return None
    if run.cancel_asked_at:
        _close(run, JobState.CANCELLED, at=at)
        return None
    if run.state == JobState.WAITING and run.next_at > at + _CLOCKS_APART:
        raise NotDueYetError(run.next_at)
    if run.state == JobState.RUNNING:
        run.losses += 1
    if run.losses > LOSSES_MAX:
        run.error = {"": f"{run.losses} workers in a row ended while they ran this job"}
        _close(run, JobState.FAILED, at=at)
        return None
    if declared_job(run.name) is None:
        run.error = {"": f"this version of the program has no job {run.name!r}"}
        _close(run, JobState.FAILED, at=at)
        return None
    run.state, run.claim, run.attempts = JobState.RUNNING, uuid4(), run.attempts + 1
    run.started_at = run.started_at or at
    run.save()
    return Handle(run.pk, run.name, run.claim, run.by, run.attempts, run.arguments, run.cursor, must_stop)


@transaction.atomic
def end(handle: Handle, delivery: engine.Delivery, state: JobState, *, error: Mapping[str, str], at: datetime) -> None:
    """Write how the attempt ended, together with the engine's end of it. Raises JobTakenOverError."""
    run = _held(handle)
    if not run.is_finished:
        run.error = dict(error)
        _close(run, state, at=at)
    _without_gone(engine.acknowledge, delivery)


@transaction.atomic
def fail(handle: Handle, delivery: engine.Delivery, job: Job, *, error: Mapping[str, str], at: datetime) -> None:
    """The attempt met an error: wait and try again, or fail for good. Raises JobTakenOverError."""
    run = _held(handle)
    if run.is_finished or run.failures >= job.retries:
        end(handle, delivery, JobState.FAILED, error=error, at=at)
        return
    seconds = min(job.backoff_seconds * 2 ** min(run.failures, 30), _BACKOFF_SECONDS_MAX)
    run.failures += 1
    run.error = dict(error)
    _wait(run, delivery, until=at + timedelta(seconds=seconds))


@transaction.atomic
def hand_back(handle: Handle, delivery: engine.Delivery, *, until: datetime, is_loss: bool = False) -> None:
    """Leave the run to another worker, or to this one later. is_loss: it counts as a worker lost."""
    run = _held(handle)
    run.losses += is_loss
    _wait(run, delivery, until=until)


def put_off(delivery: engine.Delivery, *, until: datetime) -> None:
    """The run was delivered before its time."""
    _without_gone(engine.give_back, delivery, at=until)


def set_aside(delivery: engine.Delivery) -> None:
    """The run needs no more work."""
    _without_gone(engine.acknowledge, delivery)


def send_forgotten(limit: int = 1000) -> int:
    """Send every unfinished run again that the engine has lost; returns how many."""
    unfinished = list(JobRun.objects.filter(state__in=UNFINISHED).order_by("pk").values_list("pk", flat=True)[:limit])
    forgotten = set(unfinished) - engine.carried(unfinished)
    return sum(_send_if_forgotten(run_id) for run_id in sorted(forgotten))


@transaction.atomic
def _send_if_forgotten(run_id: UUID) -> bool:
    run = _locked(run_id)
    if run.is_finished or engine.carried([run_id]):
        return False
    _send(run, at=run.next_at)
    return True


def _send(run: JobRun, *, at: datetime | None) -> None:
    job = declared_job(run.name)
    engine.send(run.pk, lock=run.name if job and job.is_alone else str(run.pk), not_before=at)


def _wait(run: JobRun, delivery: engine.Delivery, *, until: datetime) -> None:
    run.state, run.next_at, run.claim = JobState.WAITING, until, None
    run.save()
    put_off(delivery, until=until)


def _close(run: JobRun, state: JobState, *, at: datetime) -> None:
    run.state, run.finished_at = state, at
    if state == JobState.DONE:
        run.error = {}
    run.save()


def _locked(run_id: UUID) -> JobRun:
    return JobRun.objects.select_for_update().get(pk=run_id)


def _held(handle: Handle) -> JobRun:
    run = JobRun.objects.select_for_update().filter(pk=handle.run_id, claim=handle.claim).first()
    if run is None:
        raise JobTakenOverError
    return run


def _without_gone(call: Callable[..., None], delivery: engine.Delivery, **more: datetime) -> None:
    # If the engine has lost the delivery or given it to somebody else, `send_forgotten` or that worker sees to it.
    try:
        call(delivery, **more)
    except engine.DeliveryGoneError:
        return
