"""Answers of many phones arriving over HTTP at once, while the web process is killed in the middle."""

import http.client
import os
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.browsing import Site, serving

from shouyue.store.models import Fact
from shouyue.surveys.answers.models import Response
from shouyue.surveys.waves.actions.opening import open_wave
from shouyue.surveys.waves.models import Sheet
from shouyue.surveys.waves.tests.ground import AT, people, tokens, wish

_PHONES, _TRIES_MAX = 16, 600


@dataclass
class Doors:
    """Where the product answers just now; a phone that gets no answer asks again."""

    site: Site
    tries: int = 0


def draw(number: int) -> list[str]:
    """The links of so many customers who were drawn."""
    people(number)
    return tokens(open_wave(wish(wanted=number), at=AT, by="staff:1"))


def send_all(links: Sequence[str], database_url: str, *, kill_after: float) -> float:
    """Send an answer by each link, kill the server with everything it does at kill_after of them; returns seconds."""
    started, done = time.monotonic(), count(1)
    with serving(database_url) as first:
        doors = Doors(first)
        reached = [0]
        with ThreadPoolExecutor(_PHONES) as phones:
            waiting = [phones.submit(_send, doors, link, place, done, reached) for place, link in enumerate(links)]
            while reached[0] < kill_after * len(links):
                time.sleep(0.005)
            _kill(first.process.pid)
            first.process.wait(20)
            with serving(database_url) as second:
                doors.site = second
                for one in waiting:
                    one.result()
    return time.monotonic() - started


def _kill(pid: int) -> None:
    """The server and every process that it started, without a chance to clean up."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for one in [pid, *map(int, children)]:
        os.kill(one, signal.SIGKILL)


def _send(doors: Doors, link: str, place: int, done: "count[int]", reached: list[int]) -> None:
    """As a phone does it: until the server says that the sheet is sent."""
    body = urlencode({"question": "overall", "overall": "2" if place % 10 == 0 else "5", "send": "1"})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for _again in range(_TRIES_MAX):
        line = http.client.HTTPConnection(urlsplit(doors.site.url).netloc, timeout=30)
        try:
            line.request("POST", f"/a/{link}/keep", body, headers)
            with line.getresponse() as answer:
                text = answer.read()
            assert (answer.status, b'"sent": true' in text) == (200, True), text
            reached[0] = next(done)
            return
        except (OSError, http.client.HTTPException):
            doors.tries += 1
            time.sleep(0.05)
        finally:
            line.close()
    raise AssertionError("the server never answered")


def assert_all_counted_once(number: int) -> None:
    """One response for each sheet, each in one batch that was announced, and every sheet knows it."""
    assert Response.objects.count() == Sheet.objects.filter(sent_at__isnull=False).count() == number
    batches = Fact.objects.filter(kind="AnswersRecorded").values_list("payload__row_count", flat=True)
    assert sum(batches) == number
    detractors = len(range(0, number, 10))
    assert Response.objects.filter(score=2).count() == Fact.objects.filter(kind="DetractorHeard").count() == detractors
