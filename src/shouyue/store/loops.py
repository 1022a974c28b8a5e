"""Work that a process repeats until it is told to stop, outliving restarts of the database."""

import logging
import random
import threading
from collections.abc import Callable

from django.db import InterfaceError, InternalError, OperationalError, connection

log = logging.getLogger(__name__)

_PAUSE_SECONDS_MAX = 10.0

# What passes by itself: the server restarts or is out of reach (Operational, Interface), or takes only reads for
# now because its disk is nearly full (Internal). A missing table or a broken constraint does not pass.
PASSING = (OperationalError, InterfaceError, InternalError)


def repeat(work: Callable[[], int], *, stop: threading.Event, nap_seconds: float) -> None:
    """Call `work` until `stop` is set: again at once while it returns more than 0, else after a nap.

    A database that fails is tried again on a new connection, after pauses that grow to 10 seconds. Any other error
    is a defect and goes to the caller. Closes this thread's connection at the end.
    """
    pause = nap_seconds
    try:
        while not stop.is_set():
            try:
                done = work()
            except PASSING as error:
                log.warning("the database failed, trying again in %.1f s: %s", pause, error)
                connection.close()
                stop.wait(pause * random.uniform(0.5, 1.0))  # noqa: S311 spreads the retries of many processes
                pause = min(pause * 2, _PAUSE_SECONDS_MAX)
                continue
            pause = nap_seconds
            if not done:
                stop.wait(nap_seconds)
    finally:
        connection.close()
