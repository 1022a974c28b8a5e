"""Calls of one kind that come at the same moment are carried out as one batch: one transaction, an answer for each.

Batches of one API key, as `store.together` makes them. When one fails as a whole, each of its calls goes its own way.
"""

import hashlib
import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from shouyue.kernel import clock
from shouyue.rest.access import caller
from shouyue.rest.idempotency import Made, digest_of, keep_all, kept_of, once
from shouyue.rest.models import ApiKey
from shouyue.rest.problems import ProblemError
from shouyue.store import together

log = logging.getLogger(__name__)

_MOST: Final = 64
# A batch that waits longer for a lock would make all of its calls wait for one of them.
_WAIT: Final = "1s"

Wish = TypeVar("Wish")
Act = Callable[[], Made]


class _OvertakenError(Exception):
    """An equal call of another process kept its answer first."""


@dataclass(frozen=True, slots=True, eq=False)
class _Call(Generic[Wish]):
    """A call with what its answer is kept under."""

    wish: Wish
    key: ApiKey
    name: str
    digest: bytes
    language: str


# None: the batch failed, and the call goes its own way.
_Answer = tuple[int, bytes] | ProblemError | None


class Together(Generic[Wish]):
    """One kind of call.

    work: gets wishes of one key, and who acts, inside a transaction; it does all of them, and returns for each what
    makes its answer, in the caller's language, or raises the ProblemError that refuses it. A refused wish must leave no
    trace and not stop the others. of: what a wish is about; two about the same are never in one batch.
    """

    def __init__(self, work: Callable[[Sequence[Wish], str], Sequence[Act]], *, of: Callable[[Wish], Hashable]) -> None:
        self._work = work
        self._calls: together.Together[_Call[Wish], _Answer] = together.Together(
            self._carry_out,
            most=_MOST,
            lane=lambda call: call.key.pk,
            marks=lambda call: (("name", call.name), ("of", of(call.wish))),
        )

    def answer(self, request: HttpRequest, idempotency_key: str, wish: Wish) -> HttpResponse:
        """As `once`: the answer is kept with the effect, and given again to a repetition."""
        key = caller(request)
        digest = digest_of(request, hashlib.sha256(request.body).digest())
        answer = self._calls.do(_Call(wish, key, idempotency_key, digest, translation.get_language() or "en"))
        if isinstance(answer, ProblemError):
            raise answer
        if answer is None:

            def alone() -> Made:
                [act] = self._work([wish], key.actor)
                return act()

            return once(request, idempotency_key, alone)
        status, body = answer
        return HttpResponse(body, status=status, content_type="application/json")

    def _carry_out(self, batch: Sequence[_Call[Wish]]) -> list[_Answer]:
        """Do the calls of a batch and keep their answers; nothing of it is told before all of it is committed."""
        key = batch[0].key
        answers: dict[_Call[Wish], tuple[int, bytes] | ProblemError] = {}
        nothing: list[_Answer] = [None] * len(batch)
        try:
            with transaction.atomic():
                kept = kept_of(key.pk, [one.name for one in batch], wait=_WAIT)
                fresh = [one for one in batch if one.name not in kept]
                if fresh:
                    acts = self._work([one.wish for one in fresh], key.actor)
                    answers = {one: _answered(one, act) for one, act in zip(fresh, acts, strict=True)}
                    _keep(answers, key)
        except _OvertakenError:
            return nothing
        except OperationalError:
            return nothing  # a lock that is waited for, or the database is away: each call finds out for itself
        except Exception:  # whichever of them it was, the others must not fail with it
            log.exception("a batch of calls failed; each of them is tried alone")
            return nothing
        return [answers.get(call) for call in batch]


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
