"""What a running job holds: its arguments, its cursor, and the ways to tell progress and to learn of cancellation.

The contract of a job function:

- It works in chunks. A chunk is one transaction that writes the chunk's effects and calls `save_cursor` with how far
  that was; both commit or neither does. On its start it goes on behind `handle.cursor` (None: from the beginning).
- It may therefore be started any number of times, and every effect in the database still happens exactly once.
  Effects elsewhere (files, HTTP) happen at least once and must not mind.
- Between chunks, outside transactions, it calls `progress`. There it learns that it was cancelled or must make room.
- It lets `JobCancelledError` pass, after cleaning up if need be. What is written stays written.
- `save_cursor(…, is_last=True)` ends the run in the transaction of the last effects. A function that merely returns
  has its run ended a moment later; if the worker dies in between, it is called once more and finds nothing to do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.functions import Now
from django.utils.functional import Promise

from shouyue.store.models.jobs import JobRun, JobState

_TELL_SECONDS = 0.2  # progress is written no oftener: a job may call it for each row


class JobCancelledError(Exception):
    """Somebody cancelled the run; raised at its next progress point."""


class JobHandedBackError(BaseException):
    """The worker must stop; another goes on behind the cursor. Not an Exception: no job should answer it."""


class JobTakenOverError(BaseException):
    """Another worker has this run, because this one was thought dead. Nothing may be written any more."""


class CursorOutsideTransactionError(Exception):
    """A cursor was saved without the effects it stands for: call `save_cursor` inside their transaction."""


class JobFailedError(Exception):
    """The job cannot be done, and trying again would not help. message: lazy, for the reader, kept in each language."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(slots=True)
class Handle:
    """One attempt at a run."""

    run_id: UUID
    name: str
    claim: UUID
    by: str
    attempt: int
    arguments: Mapping[str, Any]
    cursor: Any
    must_stop: Callable[[], bool]
    has_ended: bool = False
    _told_at: float = field(default=0.0)
    _first: tuple[float, int] | None = None

    def save_cursor(self, cursor: Any, *, is_last: bool = False) -> None:
        """Keep how far the effects of the open transaction reach; is_last: and that the job is done with them.

        cursor: JSON's own types. Raises JobTakenOverError, which takes the effects back;
        CursorOutsideTransactionError.
        """
        if not connection.in_atomic_block:
            raise CursorOutsideTransactionError
        held = JobRun.objects.select_for_update().filter(pk=self.run_id, claim=self.claim, state=JobState.RUNNING)
        ending: dict[str, Any] = {"state": JobState.DONE, "finished_at": Now()} if is_last else {}
        if not held.exists():
            raise JobTakenOverError
        JobRun.objects.filter(pk=self.run_id).update(cursor=cursor, losses=0, **ending)
        self.cursor, self.has_ended = cursor, is_last

    def progress(
        self,
        done: int,
        total: int = 0,
        *,
        rate: float | None = None,
        message: str = "",
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Tell how far the job is, and stop here if it must. Call it between chunks, outside transactions.

        total: 0 while unknown; at the total nothing is left to cancel. rate: per second; None means since the first
        call. message: a text marked with `gettext_noop`, whose places `values` fill.
        Raises JobCancelledError, JobHandedBackError, JobTakenOverError.
        """
        now = monotonic()
        self._first = self._first or (now, done)
        if self.must_stop():
            raise JobHandedBackError
        if now - self._told_at < _TELL_SECONDS and done != total:
            return
        self._told_at = now
        if rate is None:
            since, done_then = self._first
            rate = (done - done_then) / max(now - since, 1e-6) if done > done_then else 0.0
        told = {"done": done, "total": total, "rate": rate, "message": message, "message_values": dict(values or {})}
        if not JobRun.objects.filter(pk=self.run_id, claim=self.claim).update(**told):
            raise JobTakenOverError
        is_through = 0 < total <= done
        if not is_through and self.is_cancelled():
            raise JobCancelledError

    def is_cancelled(self) -> bool:
        """Whether somebody asked to cancel the run, for jobs that have something to clean up. One read."""
        return JobRun.objects.filter(pk=self.run_id, cancel_asked_at__isnull=False).exists()
