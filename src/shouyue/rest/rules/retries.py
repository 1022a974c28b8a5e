"""When a delivery is tried again, and when a receiver is given up."""

from datetime import datetime, timedelta

# The schedule that the Standard Webhooks specification proposes; the first attempt is at once.
_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
ATTEMPTS_MAX = len(_WAITS) + 1
GIVE_UP_AFTER = timedelta(days=5)
_JITTER_SHARE = 0.2
_ASKED_MAX = timedelta(hours=24)


def next_try(attempts: int, *, at: datetime, jitter: float, asked: timedelta | None = None) -> datetime | None:
    """When a delivery that failed `attempts` times is tried again; None when it is given up.

    jitter: a random number in [0, 1): spreads the wait over ±20 %, so that many deliveries do not come back at once.
    asked: what the receiver's Retry-After wants, heeded up to a day.
    """
    if attempts >= ATTEMPTS_MAX:
        return None
    wait = _WAITS[attempts - 1] * (1 + _JITTER_SHARE * (2 * jitter - 1))
    return at + max(wait, min(asked or timedelta(), _ASKED_MAX))


def is_given_up(failing_since: datetime | None, *, at: datetime) -> bool:
    """Whether a receiver that has not taken anything since then is switched off."""
    return failing_since is not None and at - failing_since >= GIVE_UP_AFTER
