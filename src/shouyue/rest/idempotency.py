"""Calls that write happen once: the answer is kept with the effect, in one transaction, under the caller's key."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.rest.access import caller
from shouyue.rest.models import KeptCall
from shouyue.rest.problems import ProblemError
from shouyue.store.copying import text_array
from shouyue.store.keys import InstallationKey, Use, ring
from shouyue.store.prepared import fetched
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

    def body(self) -> bytes:
        return self.content.model_dump_json().encode()


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
        kept.body_key_id, kept.body = _sealed(made.body(), kept.pk)
        kept.save(update_fields=["status", "headers", "body", "body_key_id"])
    return _answer(kept)


def claim(request: HttpRequest, idempotency_key: str, *, body_digest: bytes) -> tuple[KeptCall, bool]:
    """The record of this call, and whether it was made just now. In a transaction; equal calls wait for its end.

    Raises the problem key-reused when the key stands for another call, busy when the wait is too long.
    """
    digest = digest_of(request, body_digest)
    key = caller(request)
    mine = KeptCall(id=new_id(), key=key, idempotency_key=idempotency_key, digest=digest, created_at=clock.now())
    with _waiting():
        KeptCall.objects.bulk_create([mine], ignore_conflicts=True)
    kept = KeptCall.objects.get(key=key, idempotency_key=idempotency_key)
    if bytes(kept.digest) != digest:
        raise ProblemError("key-reused", _("Use a new key for each call that is not a repetition."))
    return kept, kept.pk == mine.pk


def digest_of(request: HttpRequest, body_digest: bytes) -> bytes:
    """What tells a call from another one under the same Idempotency-Key."""
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + body_digest).digest()


def kept_of(key_id: UUID, idempotency_keys: Sequence[str], *, wait: str) -> set[str]:
    """Which of these calls of a key are kept already. wait: for how long the transaction waits for any lock."""
    found = fetched(_KEPT, [wait, str(key_id), text_array(idempotency_keys)])
    return {name for _set, name in found if name is not None}


def keep_all(key_id: UUID, calls: Sequence[tuple[str, bytes, int, bytes]], *, at: datetime) -> bool:
    """Keep the answers of calls that were made together: (Idempotency-Key, digest, status, body).

    False when one of them is kept already: an equal call was quicker, and what these did must be undone.
    """
    ids = [new_id() for _call in calls]
    sealed = [_sealed(body, kept_id) for kept_id, (_name, _digest, _status, body) in zip(ids, calls, strict=True)]
    rows = [
        {
            "id": str(kept_id),
            "name": name,
            "digest": digest.hex(),
            "status": status,
            "body": box.hex(),
            "body_key": body_key,
        }
        for kept_id, (name, digest, status, _body), (body_key, box) in zip(ids, calls, sealed, strict=True)
    ]
    return len(fetched(_KEEP, [str(key_id), at, orjson.dumps(rows).decode()])) == len(rows)


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


def _sealed(body: bytes, kept_id: UUID) -> tuple[str, bytes]:
    """An answer as it is kept: the id of the key that seals it, and the box."""
    key = ring().current
    return key.id, _cipher(key).seal(body, context=kept_id.bytes)


def _cipher(key: InstallationKey) -> Cipher:
    return Cipher(key.derived(Use.WRAP, "kept answer"))


def _replayed(kept: KeptCall) -> HttpResponse:
    if kept.status is None:
        raise ProblemError("busy", _("Ask again in a moment."), headers={"Retry-After": "5"})
    answer = _answer(kept)
    answer.headers[REPLAYED] = "true"
    return answer


_KEPT = """
SELECT told.timeout, kept.idempotency_key FROM (SELECT set_config('lock_timeout', %s, true) AS timeout) AS told
LEFT JOIN rest_keptcall AS kept ON kept.key_id = %s::uuid AND kept.idempotency_key = ANY(%s::text[])
"""
# In the order of names, so that two batches that keep the same calls do not wait for each other.
_KEEP = """
INSERT INTO rest_keptcall (id, key_id, idempotency_key, digest, status, headers, body, body_key_id, created_at)
SELECT id, %s::uuid, name, decode(digest, 'hex'), status, '{}', decode(body, 'hex'), body_key, %s::timestamptz
FROM json_to_recordset(%s::json)
    AS told (id uuid, name text, digest text, status smallint, body text, body_key text)
ORDER BY name ON CONFLICT DO NOTHING RETURNING id
"""
