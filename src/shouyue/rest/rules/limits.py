"""How many calls a key may make: a bucket that fills evenly and holds one minute's worth."""

import math
from dataclasses import dataclass

PERIOD_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left for a key. tokens: calls, at the moment `at` (seconds of any steady clock)."""

    tokens: float
    at: float


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer to one call. remaining: whole calls left. reset: seconds until the bucket is full again.

    retry_after: seconds until the next call is let in; 0 when this one was.
    """

    limit: int
    remaining: int
    reset: int
    retry_after: int

    @property
    def is_refused(self) -> bool:
        return self.retry_after > 0


def take(bucket: Bucket | None, *, limit: int, now: float) -> tuple[Bucket, Standing]:
    """Take one call out of the bucket, or refuse and leave it.

    bucket: None for the first call. limit: calls in a minute, at least 1, also the largest burst.
    """
    per_second = limit / PERIOD_SECONDS
    before = bucket or Bucket(float(limit), now)
    tokens = min(float(limit), before.tokens + max(0.0, now - before.at) * per_second)
    is_refused = tokens < 1
    after = Bucket(tokens if is_refused else tokens - 1, now)
    return after, Standing(
        limit=limit,
        remaining=math.floor(after.tokens),
        reset=math.ceil((limit - after.tokens) / per_second),
        retry_after=max(1, math.ceil((1 - tokens) / per_second)) if is_refused else 0,
    )
