"""The engine behind the jobs: procrastinate's queue, driven on our own connection. Nothing else here knows it.

All it must do: hand a run's id to one worker, not before a moment, and again if that worker dies. It may hand it out
once too often, and even forget it; the runs themselves (`store.jobs.runs`) see to the rest. Its worker class is not
used: it would write the end of a job on another connection, in another transaction than ours.
"""

import json
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar
from uuid import UUID

import psycopg
from asgiref.sync import async_to_sync
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

_QUEUE = "shouyue"
_TASK = "shouyue.run"

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A run that was handed to a worker. id: the engine's own."""

    id: int
    run_id: UUID


class WorkerForgottenError(Exception):
    """The engine has given this worker up; it must enrol again."""


class DeliveryGoneError(Exception):
    """The engine no longer has this delivery in hand: another worker has seen to it."""


def send(run_id: UUID, *, lock: str, not_before: datetime | None = None) -> None:
    """Have the run handed to a worker, in the caller's transaction. Of runs with the same lock one goes at a time."""
    with _database_errors():
        order = app.configure_task(_TASK, allow_unknown=True, queue=_QUEUE, lock=lock, schedule_at=not_before)
        order.defer(run=str(run_id))


def enrol() -> int:
    """Begin to work; returns the worker's number."""
    return _called(app.job_manager.register_worker)


def beat(worker: int) -> None:
    """Say that the worker is alive."""
    _called(app.job_manager.update_heartbeat, worker)


def retire(worker: int) -> None:
    """End working; what the worker still has in hand goes to others at once."""
    _called(app.job_manager.unregister_worker, worker)


def take(worker: int) -> Delivery | None:
    """The next run that is due, or None. Raises WorkerForgottenError."""
    try:
        found = _called(app.job_manager.fetch_job, [_QUEUE], worker)
    except IntegrityError as unknown:
        raise WorkerForgottenError(str(worker)) from unknown
    return None if found is None or found.id is None else Delivery(found.id, _run_of(found.task_kwargs))


def acknowledge(delivery: Delivery) -> None:
    """The delivery is dealt with. Raises DeliveryGoneError, and leaves the transaction usable."""
    with _gone(), transaction.atomic():
        _called(app.job_manager.finish_job_by_id_async, delivery.id, Status.SUCCEEDED, delete_job=True)


def give_back(delivery: Delivery, *, at: datetime) -> None:
    """Have the run handed out again, not before `at`. Raises DeliveryGoneError like `acknowledge`."""
    with _gone(), transaction.atomic(), _database_errors():
        app.job_manager.retry_job_by_id(delivery.id, retry_at=at)


@transaction.atomic
def take_back_lost(*, after_seconds: float, at: datetime) -> int:
    """Hand out again what workers had in hand that were silent so long; returns how many runs."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    _called(app.job_manager.prune_stalled_workers, after_seconds)
    lost = _lost_ids(after_seconds)
    if not lost:
        return 0
    rows = ProcrastinateJob.objects.select_for_update(skip_locked=True).filter(pk__in=lost, status="doing")
    held = set(rows.values_list("pk", flat=True))
    # Asked again under the lock: another process may have handed it out since, to a worker that lives.
    again = held & _lost_ids(after_seconds)
    for number in again:
        with _database_errors():
            app.job_manager.retry_job_by_id(number, retry_at=at)
    return len(again)


def carried(run_ids: Collection[UUID]) -> set[UUID]:
    """Those of the runs that wait for a worker or are with one."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    wanted = [str(run_id) for run_id in run_ids]
    rows = ProcrastinateJob.objects.filter(queue_name=_QUEUE, status__in=["todo", "doing"], args__run__in=wanted)
    return {_run_of(arguments) for arguments in rows.values_list("args", flat=True)}


def _lost_ids(after_seconds: float) -> set[int]:
    found = _called(app.job_manager.get_stalled_jobs, queue=_QUEUE, seconds_since_heartbeat=after_seconds)
    return {one.id for one in found if one.id is not None}


def _run_of(arguments: object) -> UUID:
    # Django's driver hands jsonb over as text; a bare psycopg connection would hand over objects.
    plain = json.loads(arguments) if isinstance(arguments, str) else arguments
    assert isinstance(plain, dict)  # noqa: S101 narrows the type
    return UUID(plain["run"])


def _called(call: Callable[P, Awaitable[T]], *args: P.args, **more: P.kwargs) -> T:
    """Run one of the engine's calls to its end, on this thread's connection and in its transaction."""
    with _database_errors():
        return async_to_sync(call)(*args, **more)


@contextmanager
def _database_errors() -> Iterator[None]:
    """The engine wraps the database's errors; callers know Django's."""
    try:
        yield
    except ConnectorException as failed:
        with connection.wrap_database_errors:
            raise (failed.__cause__ or failed) from None


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except Exception as failed:
        # The engine's SQL functions raise this when the row is not in hand.
        if isinstance(failed.__cause__, psycopg.errors.RaiseException):
            raise DeliveryGoneError from failed
        raise
