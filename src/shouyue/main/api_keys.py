"""Keys of programs from the command line: make one, list them, revoke one."""

import sys
from datetime import datetime

from django.utils.timezone import localtime

from shouyue.kernel import clock
from shouyue.rest.models import ApiKey
from shouyue.rest.public import DAYS_MAX, KeyRefusedError, make_key, revoke_key, scopes

_BY = "command line"


def add_key(*, name: str, wanted: str, days: int) -> int:
    """Make a key and print its token, which is shown only now; 2 when it cannot be made. wanted: scopes by comma."""
    chosen = scopes() if wanted == "all" else [scope.strip() for scope in wanted.split(",") if scope.strip()]
    try:
        made = make_key(name=name, scopes=chosen, days=days, at=clock.now(), by=_BY)
    except KeyRefusedError as refused:
        sys.stderr.write(f"shouyue: {_sentence(refused)}\n")
        return 2
    sys.stdout.write(f"{made.token}\n")
    sys.stderr.write(f"Good until {_day(made.key.expires_at)}. It is shown only now; keep it where secrets are kept.\n")
    return 0


def list_keys() -> int:
    """Print every key: its prefix, state, scopes and name."""
    at = clock.now()
    for key in ApiKey.objects.order_by("-created_at", "-id").iterator():
        state = "revoked" if key.revoked_at else "expired" if key.expires_at <= at else "good"
        used = _day(key.last_used_at) if key.last_used_at else "never"
        words = f"{state:<8} until {_day(key.expires_at)}  used {used:<10}  {','.join(key.scopes)}  {key.name}"
        sys.stdout.write(f"{key.prefix}  {words}\n")
    return 0


def end_key(prefix: str) -> int:
    """Revoke a key; 2 when there is none with that prefix."""
    if revoke_key(prefix, at=clock.now(), by=_BY):
        return 0
    sys.stderr.write(f"shouyue: there is no key {prefix!r}. ./shouyue api-key --list shows them.\n")
    return 2


def _sentence(refused: KeyRefusedError) -> str:
    return {
        "no_name": "a key needs a name of at most 80 printable characters.",
        "no_scopes": f"name its scopes by comma, or all: {', '.join(scopes())}.",
        "unknown_scope": f"there is no scope {refused.value!r}; there are {', '.join(scopes())}.",
        "bad_days": f"a key is good for 1 to {DAYS_MAX} days.",
    }[refused.code]


def _day(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d}"
