"""The worker's loop that sends what is due, several receivers at once, and clears away what is old."""

import logging
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from shouyue.kernel import clock
from shouyue.rest.actions.webhooks import attempt, claim_due, forget_old_deliveries
from shouyue.rest.idempotency import forget_old_calls
from shouyue.rest.models import Delivery
from shouyue.store.loops import repeat

log = logging.getLogger(__name__)

_AT_ONCE = 8
_NAP_SECONDS = 1.0
_CLEAR_EVERY = timedelta(minutes=10)


def run_webhooks(stop: threading.Event) -> None:
    """Send until `stop` is set; an attempt under way is finished first (ten seconds at most)."""
    cleared: list[datetime] = []

    def work() -> int:
        at = clock.now()
        if not cleared or at - cleared[-1] > _CLEAR_EVERY:
            cleared[:] = [at]
            forget_old_calls(at=at)
            forget_old_deliveries(at=at)
        return send_due(at=at)

    repeat(work, stop=stop, nap_seconds=_NAP_SECONDS)


def send_due(*, at: datetime) -> int:
    """Make one attempt for deliveries that are due at `at`; returns for how many."""
    due = claim_due(at=at, limit=_AT_ONCE)
    if due:
        with ThreadPoolExecutor(len(due), thread_name_prefix="webhook") as pool:
            list(pool.map(lambda delivery: _attempted(delivery, at), due))
    return len(due)


def _attempted(delivery: Delivery, at: datetime) -> None:
    try:
        jitter = random.random()  # noqa: S311 spreads the retries, guards nothing
        attempt(delivery, local_allowed=settings.ALLOW_LOCAL_WEBHOOKS, at=at, jitter=jitter)
    except Exception:  # its lease runs out and it is tried again; the others must not wait for it
        log.exception("delivery %s met a defect", delivery.pk)
    finally:
        connection.close()
