"""Make and revoke the keys of programs."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shouyue.rest import known_keys, registry
from shouyue.rest.models import ApiKey
from shouyue.rest.rules.tokens import PREFIX_LENGTH, Token

DAYS_MAX: Final = 730
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_COARSE = timedelta(hours=1)


class KeyRefusedError(ValueError):
    """A key that cannot be made. code: no_name, no_scopes, unknown_scope, bad_days; value: what is wrong."""

    def __init__(self, code: str, value: object = "") -> None:
        super().__init__(code, value)
        self.code, self.value = code, value


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key with its token, which is shown once and kept nowhere."""

    key: ApiKey
    token: str


@transaction.atomic
def make_key(*, name: str, scopes: Sequence[str], days: int, at: datetime, by: str) -> MadeKey:
    """Make a key that is good for `days` (1 to DAYS_MAX) days. Raises KeyRefusedError."""
    if not name.strip() or len(name) > 80 or not name.isprintable():
        raise KeyRefusedError("no_name", name)
    if not scopes:
        raise KeyRefusedError("no_scopes")
    unknown = sorted(set(scopes) - set(registry.scopes()))
    if unknown:
        raise KeyRefusedError("unknown_scope", unknown[0])
    if not 1 <= days <= DAYS_MAX:
        raise KeyRefusedError("bad_days", days)
    secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    token = Token("".join(secrets.choice(_LETTERS) for _ in range(PREFIX_LENGTH)), secret)
    key = ApiKey.objects.create(
        name=name.strip(),
        prefix=token.prefix,
        digest=token.digest,
        scopes=sorted(set(scopes)),
        created_at=at,
        created_by=by,
        expires_at=at + timedelta(days=days),
    )
    return MadeKey(key, token.text)


def revoke_key(prefix: str, *, at: datetime, by: str) -> bool:
    """Make a key useless from now on; doing it twice does it once. False: there is no such key."""
    ApiKey.objects.filter(prefix=prefix, revoked_at=None).update(revoked_at=at, revoked_by=by)
    known_keys.forget()
    transaction.on_commit(known_keys.forget)
    return ApiKey.objects.filter(prefix=prefix).exists()


def note_use(key_id: UUID, *, at: datetime) -> None:
    """Keep when a key was last used, at most once an hour: a write at every call would cost more than it tells."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - _COARSE)
    ApiKey.objects.filter(stale, pk=key_id).update(last_used_at=at)
