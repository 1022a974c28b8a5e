"""Calls that write happen once: the answer is kept with the effect, in one transaction, under the caller's key."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.rest.access import caller
from shouyue.rest.models import KeptCall
from shouyue.rest.problems import ProblemError
from shouyue.store.keys import InstallationKey, Use, ring
from shouyue.store.sealing import Cipher

KEPT_FOR: Final = timedelta(hours=48)
REPLAYED: Final = "Idempotent-Replayed"
_WAIT = "10s"
_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class Made:
    """What a call did: the answer's status, content and headers."""

    status: int
    content: BaseModel
    headers: dict[str, str] = field(default_factory=dict)


def once(request: HttpRequest, idempotency_key: str, act: Callable[[], Made]) -> HttpResponse:
    """Act and keep the answer, or give the answer that was kept.

    Equal calls at the same time wait for the first. A call that is refused (`act` raises) keeps nothing: it may be
    mended and sent again under the same key. Raises the problems key-reused and busy.
    """
    with transaction.atomic():
        kept, is_new = claim(request, idempotency_key, body_digest=hashlib.sha256(request.body).digest())
        if not is_new:
            return _replayed(kept)
        made = act()
        kept.status, kept.headers = made.status, made.headers
        key = ring().current
        body = made.content.model_dump_json().encode()
        kept.body_key_id, kept.body = key.id, _cipher(key).seal(body, context=kept.pk.bytes)
        kept.save(update_fields=["status", "headers", "body", "body_key_id"])
    return _answer(kept)


def claim(request: HttpRequest, idempotency_key: str, *, body_digest: bytes) -> tuple[KeptCall, bool]:
    """The record of this call, and whether it was made just now. In a transaction; equal calls wait for its end.

    Raises the problem key-reused when the key stands for another call, busy when the wait is too long.
    """
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + body_digest).digest()
    key = caller(request)
    mine = KeptCall(id=new_id(), key=key, idempotency_key=idempotency_key, digest=digest, created_at=clock.now())
    with _waiting():
        KeptCall.objects.bulk_create([mine], ignore_conflicts=True)
    kept = KeptCall.objects.get(key=key, idempotency_key=idempotency_key)
    if bytes(kept.digest) != digest:
        raise ProblemError("key-reused", _("Use a new key for each call that is not a repetition."))
    return kept, kept.pk == mine.pk


def forget_old_calls(*, at: datetime) -> int:
    """Remove what is kept for longer than KEPT_FOR; returns how many calls."""
    old = KeptCall.objects.filter(created_at__lt=at - KEPT_FOR).values_list("pk", flat=True)[:1000]
    count, _by_model = KeptCall.objects.filter(pk__in=list(old)).delete()
    return count


@contextmanager
def _waiting() -> Iterator[None]:
    """Waits for an equal call that is under way, but not for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_WAIT])
    try:
        yield
    except OperationalError as wrong:
        if getattr(wrong.__cause__, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
            raise
        raise ProblemError("busy", _("Ask again in a moment."), headers={"Retry-After": "5"}) from wrong
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")


def _answer(kept: KeptCall) -> HttpResponse:
    body = _cipher(ring().named(kept.body_key_id)).open(bytes(kept.body), context=kept.pk.bytes)
    return HttpResponse(body, status=kept.status, content_type="application/json", headers=kept.headers)


def _cipher(key: InstallationKey) -> Cipher:
    return Cipher(key.derived(Use.WRAP, "kept answer"))


def _replayed(kept: KeptCall) -> HttpResponse:
    if kept.status is None:
        raise ProblemError("busy", _("Ask again in a moment."), headers={"Retry-After": "5"})
    answer = _answer(kept)
    answer.headers[REPLAYED] = "true"
    return answer
