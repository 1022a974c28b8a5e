"""Calls of one kind that come at the same moment are carried out as one batch: one transaction, an answer for each.

The first call goes at once, in its own thread. What arrives while it runs waits and is the next batch, led by the
thread of its first call: nobody waits for company. When a batch fails as a whole, each of its calls goes its own way.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from shouyue.kernel import clock
from shouyue.rest.access import caller
from shouyue.rest.idempotency import Made, digest_of, keep_all, kept_of, once
from shouyue.rest.models import ApiKey
from shouyue.rest.problems import ProblemError

log = logging.getLogger(__name__)

_MOST: Final = 64
# A batch that waits longer for a lock would make all of its calls wait for one of them.
_WAIT: Final = "1s"

Wish = TypeVar("Wish")
Act = Callable[[], Made]


class _OvertakenError(Exception):
    """An equal call of another process kept its answer first."""


@dataclass(slots=True, eq=False)
class _Call(Generic[Wish]):
    """A call that waits for its turn. answer: None while it has none, and when it has to go its own way."""

    wish: Wish
    name: str
    digest: bytes
    language: str
    turn: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    answer: tuple[int, bytes] | ProblemError | None = None


@dataclass(slots=True)
class _Lane(Generic[Wish]):
    """The calls of one API key: waiting, and whether a batch of them is under way."""

    waiting: list[_Call[Wish]] = field(default_factory=list)
    is_busy: bool = False


class Together(Generic[Wish]):
    """One kind of call.

    work: gets wishes of one key, and who acts, inside a transaction; it does all of them, and returns for each what
    makes its answer, in the caller's language, or raises the ProblemError that refuses it. A refused wish must leave no
    trace and not stop the others. of: what a wish is about; two about the same are never in one batch.
    """

    def __init__(self, work: Callable[[Sequence[Wish], str], Sequence[Act]], *, of: Callable[[Wish], Hashable]) -> None:
        self._work, self._of = work, of
        self._lock = threading.Lock()
        self._lanes: dict[object, _Lane[Wish]] = {}

    def answer(self, request: HttpRequest, idempotency_key: str, wish: Wish) -> HttpResponse:
        """As `once`: the answer is kept with the effect, and given again to a repetition."""
        key = caller(request)
        digest = digest_of(request, hashlib.sha256(request.body).digest())
        call = _Call(wish, idempotency_key, digest, translation.get_language() or "en")
        self._take_turn(call, key)
        if isinstance(call.answer, ProblemError):
            raise call.answer
        if call.answer is None:

            def alone() -> Made:
                [act] = self._work([wish], key.actor)
                return act()

            return once(request, idempotency_key, alone)
        status, body = call.answer
        return HttpResponse(body, status=status, content_type="application/json")

    def _take_turn(self, call: _Call[Wish], key: ApiKey) -> None:
        """Come back when the call was carried out, by this thread or another one, or has to go its own way."""
        with self._lock:
            lane = self._lanes.setdefault(key.pk, _Lane())
            lane.waiting.append(call)
            call.leads, lane.is_busy = not lane.is_busy, True
        if not call.leads:
            call.turn.wait()
        if not call.leads:
            return
        with self._lock:
            batch = self._batch(lane)
        try:
            self._carry_out(batch, key)
        finally:
            self._hand_over(lane, batch, key)

    def _batch(self, lane: _Lane[Wish]) -> list[_Call[Wish]]:
        """The first that waits, and what can go with it."""
        batch: list[_Call[Wish]] = []
        rest: list[_Call[Wish]] = []
        seen: set[Hashable] = set()
        for one in lane.waiting:
            marks = {("name", one.name), ("of", self._of(one.wish))}
            if len(batch) < _MOST and not marks & seen:
                batch.append(one)
                seen |= marks
            else:
                rest.append(one)
        lane.waiting = rest
        return batch

    def _hand_over(self, lane: _Lane[Wish], batch: Sequence[_Call[Wish]], key: ApiKey) -> None:
        with self._lock:
            following = lane.waiting[0] if lane.waiting else None
            if following is None:
                del self._lanes[key.pk]
            else:
                following.leads = True
        for call in batch:
            call.turn.set()
        if following is not None:
            following.turn.set()

    def _carry_out(self, batch: Sequence[_Call[Wish]], key: ApiKey) -> None:
        """Do the calls of a batch and keep their answers; nothing of it is told before all of it is committed."""
        answers: dict[_Call[Wish], tuple[int, bytes] | ProblemError] = {}
        try:
            with transaction.atomic():
                kept = kept_of(key.pk, [one.name for one in batch], wait=_WAIT)
                fresh = [one for one in batch if one.name not in kept]
                if fresh:
                    acts = self._work([one.wish for one in fresh], key.actor)
                    answers = {one: _answered(one, act) for one, act in zip(fresh, acts, strict=True)}
                    _keep(answers, key)
        except _OvertakenError:
            return
        except OperationalError:
            return  # a lock that is waited for, or the database is away: each call finds out for itself
        except Exception:  # whichever of them it was, the others must not fail with it
            log.exception("a batch of calls failed; each of them is tried alone")
            return
        for call, answer in answers.items():
            call.answer = answer


def _answered(call: _Call[Wish], act: Act) -> tuple[int, bytes] | ProblemError:
    with translation.override(call.language):
        try:
            made = act()
        except ProblemError as problem:
            return problem
        return made.status, made.body()


def _keep(answers: "dict[_Call[Wish], tuple[int, bytes] | ProblemError]", key: ApiKey) -> None:
    done = [(one.name, one.digest, *answer) for one, answer in answers.items() if not isinstance(answer, ProblemError)]
    if done and not keep_all(key.pk, done, at=clock.now()):
        raise _OvertakenError
