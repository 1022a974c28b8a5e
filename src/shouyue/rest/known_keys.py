"""The keys that this process has read a moment ago, so that a busy program does not have its key read at every call."""

import time
from typing import Final

from shouyue.rest.models import ApiKey

# A key that another process revoked is let in for so long at most (decision 0005).
KEPT_SECONDS: Final = 2.0
_KEYS_MAX = 1_000
_keys: dict[str, tuple[float, ApiKey]] = {}


def read(prefix: str) -> ApiKey | None:
    """The key of a prefix as it stood at most KEPT_SECONDS ago; one that is not known is asked for each time."""
    now = time.monotonic()
    until, known = _keys.get(prefix, (0.0, None))
    if known is not None and now < until:
        return known
    found = read_anew(prefix)
    if found is not None:
        if len(_keys) >= _KEYS_MAX:
            _keys.clear()
        _keys[prefix] = now + KEPT_SECONDS, found
    return found


def read_anew(prefix: str) -> ApiKey | None:
    return ApiKey.objects.filter(prefix=prefix).first()


def forget() -> None:
    """Read keys anew: for whoever changes one in this process."""
    _keys.clear()
