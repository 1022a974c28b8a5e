"""The worker's part: takes runs from the engine, calls their jobs, and keeps watch over the other workers."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import connection
from django.utils.translation import override

from shouyue.kernel import clock
from shouyue.store.jobs import engine, runs, schedule
from shouyue.store.jobs.declared import Job, declared_job
from shouyue.store.jobs.handle import (
    Handle,
    JobCancelledError,
    JobFailedError,
    JobHandedBackError,
    JobTakenOverError,
)
from shouyue.store.loops import PASSING, repeat
from shouyue.store.models.jobs import JobState

log = logging.getLogger(__name__)

_NAP_SECONDS = 0.5
_ERROR_LENGTH_MAX = 2000
_DATABASE_PAUSE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """slots: how many jobs one process runs at once. A worker says that it lives every beat_seconds; one that was
    silent for lost_seconds counts as dead: a mistake there costs time, never correctness."""

    slots: int = 2
    beat_seconds: float = 3.0
    lost_seconds: float = 15.0
    forgotten_seconds: float = 60.0


def run_jobs(stop: threading.Event, pace: Pace | None = None) -> None:
    """Run jobs until `stop` is set, outliving database restarts; a job under way is handed back at its next progress.

    A defect in this machinery (not in a job) ends all slots and is raised.
    """
    pace = pace or Pace()
    watch = Watch(pace)
    loops = [_slot(watch, stop) for _ in range(pace.slots)]
    broken: list[BaseException] = []
    threads = [
        threading.Thread(target=_guarded, args=(loop, stop, broken), name=f"jobs-{number}")
        for number, loop in enumerate(loops, start=1)
    ]
    for thread in threads:
        thread.start()
    _guarded(lambda: repeat(watch.keep, stop=stop, nap_seconds=pace.beat_seconds), stop, broken)
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]


def _guarded(loop: Callable[[], None], stop: threading.Event, broken: list[BaseException]) -> None:
    try:
        loop()
    except Exception as defect:  # noqa: BLE001 run_jobs raises it once all threads have ended
        broken.append(defect)
        stop.set()


def _slot(watch: "Watch", stop: threading.Event) -> Callable[[], None]:
    slot = Slot(watch, stop)

    def loop() -> None:
        try:
            repeat(slot.work, stop=stop, nap_seconds=_NAP_SECONDS)
        finally:
            slot.give_up()
            _leave(slot)
            connection.close()

    return loop


def _leave(slot: "Slot") -> None:
    try:
        slot.leave()
    except PASSING as failed:
        log.warning("the worker could not say goodbye, others will notice: %s", failed)


@dataclass(slots=True)
class Watch:
    """Says that this process lives, and sees to the runs of those that do not."""

    pace: Pace
    workers: set[int] = field(default_factory=set)
    _forgotten_at: float = 0.0

    def keep(self) -> int:
        """Beat for every slot, hand out what dead workers held, enqueue what is due by schedule.

        A process that freezes in the middle of this would keep its rows locked, and every other watch waiting for
        them: the server ends its transaction as soon as it counts as dead.
        """
        with connection.cursor() as cursor:
            patience = f"{round(self.pace.lost_seconds * 1000)}ms"
            cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [patience])
        for worker in list(self.workers):
            engine.beat(worker)
        now = clock.now()
        engine.take_back_lost(after_seconds=self.pace.lost_seconds, at=now)
        schedule.tick(at=now)
        if monotonic() - self._forgotten_at > self.pace.forgotten_seconds:
            runs.send_forgotten()
            self._forgotten_at = monotonic()
        return 0


@dataclass(slots=True)
class Slot:
    """One run at a time. The engine knows each slot as a worker of its own."""

    watch: Watch
    stop: threading.Event
    worker: int | None = None
    _left: int | None = None

    def work(self) -> int:
        """Take a run and carry it out; 0 if there is none.

        If anything goes wrong around the job, such as a lost database, the slot enrols anew, and what the engine
        thinks it still has in hand is handed out again.
        """
        try:
            self.leave()
            if self.worker is None:
                self.worker = engine.enrol()
                self.watch.workers.add(self.worker)
            delivery = engine.take(self.worker)
            if delivery is None:
                return 0
            perform(delivery, must_stop=self.stop.is_set)
        except (engine.WorkerForgottenError, JobTakenOverError):
            self.give_up()
        except BaseException:
            self.give_up()
            raise
        return 1

    def give_up(self) -> None:
        """Be another worker from now on."""
        if self.worker is not None:
            self.watch.workers.discard(self.worker)
        self._left, self.worker = self.worker or self._left, None

    def leave(self) -> None:
        """Tell the engine of the worker that this slot is no more."""
        if self._left is not None:
            engine.retire(self._left)
            self._left = None


def perform(delivery: engine.Delivery, *, must_stop: Callable[[], bool]) -> None:
    """Carry out a delivered run and write how it ended. Raises JobTakenOverError, or what the database raises."""
    try:
        handle = runs.take_up(delivery.run_id, at=clock.now(), must_stop=must_stop)
    except runs.NotDueYetError as early:
        runs.put_off(delivery, until=early.due_at)
        return
    if handle is None:
        runs.set_aside(delivery)
        return
    job = _job_of(handle)
    try:
        job.run(handle)
    except JobHandedBackError:
        runs.hand_back(handle, delivery, until=clock.now())
    except JobCancelledError:
        runs.end(handle, delivery, JobState.CANCELLED, error={}, at=clock.now())
    except JobFailedError as refused:
        runs.end(handle, delivery, JobState.FAILED, error=_in_each_language(refused), at=clock.now())
    except PASSING as lost:
        log.warning("the database failed under job %s %s: %s", job.name, handle.run_id, lost)
        runs.hand_back(handle, delivery, until=clock.now() + _DATABASE_PAUSE, is_loss=True)
    except (Exception, SystemExit) as error:
        log.exception("job %s %s failed", job.name, handle.run_id)
        runs.fail(handle, delivery, job, error=_as_text(error), at=clock.now())
    else:
        runs.end(handle, delivery, JobState.DONE, error={}, at=clock.now())


def _job_of(handle: Handle) -> Job:
    job = declared_job(handle.name)
    assert job is not None  # noqa: S101 take_up hands out no run without a job
    return job


def _as_text(error: BaseException) -> Mapping[str, str]:
    return {"": f"{type(error).__name__}: {error}".replace("\x00", "")[:_ERROR_LENGTH_MAX]}


def _in_each_language(refused: JobFailedError) -> Mapping[str, str]:
    said = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            said[code] = str(refused.message).replace("\x00", "")[:_ERROR_LENGTH_MAX]
    return said
