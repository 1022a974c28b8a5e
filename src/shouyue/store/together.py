"""Calls that come while an equal one is at work are done together: one transaction, one wait for the disk, for all."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class Together(Generic[Asked, Told]):
    """Batches that nobody waits for: the first call goes at once; those that come meanwhile are the next batch.

    work: gets 1 to `most` calls in the order in which they came, does them in one transaction and returns an outcome
    for each; a refusal is an outcome too. Nobody is answered before it has returned, so what was answered is committed:
    never call `do` inside a transaction. A batch that raises is done again one by one, so that one call's fault is no
    other's. Each batch runs in the thread of its first call: no thread of its own, nothing to start or to stop.
    lane: calls of different lanes never wait for each other. marks: two calls that share one are never in one batch.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Sequence[Told]],
        *,
        most: int = 100,
        lane: Callable[[Asked], Hashable] = lambda _asked: None,
        marks: Callable[[Asked], Collection[Hashable]] = lambda _asked: (),
    ) -> None:
        self._work, self._most, self._lane, self._marks = work, most, lane, marks
        self._turn = Lock()
        # Who waits, by lane; a lane is there while a batch of it is at work.
        self._waiting: dict[Hashable, list[_Call[Asked, Told]]] = {}

    def do(self, asked: Asked) -> Told:
        """The outcome of this call. Raises what `work` raises for it."""
        call: _Call[Asked, Told] = _Call(asked)
        call.asleep.acquire()
        lane = self._lane(asked)
        with self._turn:
            if lane in self._waiting:
                self._waiting[lane].append(call)
            else:
                self._waiting[lane], call.batch = [], [call]
                call.asleep.release()
        call.asleep.acquire()
        if call.batch:
            try:
                self._run(call.batch)
            finally:
                self._pass_on(lane)
        if call.fault is not None:
            raise call.fault
        return call.told[0]

    def _run(self, batch: "list[_Call[Asked, Told]]") -> None:
        """The first call of the batch, in whose thread this runs, is answered by its return."""
        try:
            told = self._work([call.asked for call in batch])
            for call, one in zip(batch, told, strict=True):
                call.told = [one]
        except BaseException as fault:  # noqa: BLE001  raised again by `do`, in the thread of the call that it belongs to
            if len(batch) == 1:
                batch[0].fault = fault
            else:
                for call in batch:
                    self._run([call])
                return
        for call in batch:
            call.asleep.release()

    def _pass_on(self, lane: Hashable) -> None:
        """The next batch is whoever waits and can go together; its first call has the thread to do it in."""
        with self._turn:
            batch, self._waiting[lane] = self._parted(self._waiting[lane])
            if batch:
                batch[0].batch = batch
                batch[0].asleep.release()
            else:
                del self._waiting[lane]

    def _parted(self, waiting: "list[_Call[Asked, Told]]") -> "list[list[_Call[Asked, Told]]]":
        """The next batch, with the first that waits, and who waits on; both in order."""
        batch: list[_Call[Asked, Told]] = []
        later: list[_Call[Asked, Told]] = []
        seen: set[Hashable] = set()
        for call in waiting:
            marks = set(self._marks(call.asked))
            if len(batch) < self._most and not marks & seen:
                batch.append(call)
                seen |= marks
            else:
                later.append(call)
        return [batch, later]


@dataclass(eq=False, slots=True)
class _Call(Generic[Asked, Told]):
    """batch: set for the call whose thread does it. told: the outcome, once there is one. asleep: freed to wake it."""

    asked: Asked
    batch: "list[_Call[Asked, Told]]" = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    fault: BaseException | None = None
    asleep: Lock = field(default_factory=Lock)
