"""The buckets of the keys that this process has served: in memory, so that a refused call costs no statement."""

import threading
import time
from uuid import UUID

from shouyue.rest.rules.limits import Bucket, Standing, take

_BUCKETS_MAX = 10_000
_lock = threading.Lock()
_buckets: dict[UUID, Bucket] = {}


def let_in(key_id: UUID, *, limit: int) -> Standing:
    """Count one call of a key. limit: its calls in a minute. Each process counts for itself (decision 0006)."""
    with _lock:
        bucket, standing = take(_buckets.pop(key_id, None), limit=limit, now=time.monotonic())
        _buckets[key_id] = bucket
        if len(_buckets) > _BUCKETS_MAX:
            del _buckets[next(iter(_buckets))]  # the one that called longest ago
    return standing
