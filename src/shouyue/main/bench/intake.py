"""What it costs to take an answer: the page's own path against a plain INSERT of the same answers, one a commit."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from wsgiref.util import setup_testing_defaults

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction

from shouyue.customers.public import CustomerFacts, ensure_customers
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.main.bench.line import Line, line
from shouyue.surveys.public import WaveWish, links_of, open_wave, send_answers

_ROWS, _PHONES = 2_000, 16
_ZONE, _BY, _SEED = "Asia/Shanghai", "bench", "5a" * 32
_PLAIN = """
INSERT INTO surveys_response (customer_id, id, wave_id, asked_on, score, answered_at)
VALUES (%s, %s, %s, %s, %s, now())
"""


def measure_intake(rows: int | None) -> Iterator[Line]:
    """Answers a second. rows: answers of each kind, default 2,000."""
    number = rows or _ROWS
    links, wave_id = _drawn(3 * number)
    single, together = links[:number], links[number : 2 * number]
    started = time.perf_counter()
    at = clock.now()
    for place, link in enumerate(single):
        send_answers(link, {"overall": [str(1 + place % 5)], "recommend": ["9"]}, at=at)
    one_by_one = number / (time.perf_counter() - started)
    at_once, cpu_ms = _by_phones(together)
    plain = _plain_inserts(wave_id)
    yield line(
        "intake",
        "answers kept, counted once and announced, one after the other, against a plain INSERT of one row a commit"
        " (ratio: the cost)",
        size=number,
        value=one_by_one,
        unit="answers/s",
        baseline=plain,
        ratio=plain / one_by_one,
    )
    yield line(
        "intake",
        f"the same through the whole web application from {_PHONES} phones at once, without the network"
        f" ({cpu_ms:.2f} ms of this process's CPU each; ratio: the cost)",
        size=number,
        value=at_once,
        unit="answers/s",
        baseline=plain,
        ratio=plain / at_once,
    )


def _drawn(number: int) -> tuple[list[str], UUID]:
    """The links of so many customers who were drawn, and their wave."""
    at = clock.now()
    with transaction.atomic():
        ensure_customers(
            CustomerFacts(id=new_id(), source="bench", source_key=f"C{place}", kind="person") for place in range(number)
        )
    wish = WaveWish(
        questionnaire="customer_satisfaction",
        wanted=number,
        closes_on=clock.day_in(_ZONE, at) + timedelta(days=20),
        zone=_ZONE,
        seed=_SEED,
    )
    plan = open_wave(wish, at=at, by=_BY)
    return links_of(plan), plan.wave_id


def _by_phones(links: Sequence[str]) -> tuple[float, float]:
    """Answers a second and milliseconds of CPU for each, when many phones send at once."""
    application = get_wsgi_application()

    def send(link: str) -> None:
        body = urlencode({"question": "overall", "overall": "5", "send": "1"}).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/a/{link}/keep",
            "wsgi.input": BytesIO(body),
        }
        environ |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
        setup_testing_defaults(environ)
        answer = application(environ, lambda *_head: lambda _more: None)
        said = b"".join(answer)
        answer.close()
        if b'"sent": true' not in said:
            raise RuntimeError(said.decode())

    with ThreadPoolExecutor(_PHONES) as phones:
        list(phones.map(send, links[:_PHONES]))
        started, used = time.perf_counter(), time.process_time()
        list(phones.map(send, links[_PHONES:]))
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
    number = len(links) - _PHONES
    return number / seconds, 1000 * cpu / number


def _plain_inserts(wave_id: UUID) -> float:
    """Rows a second, for those who have not answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, id, wave_id, asked_on FROM surveys_invitation"
            " WHERE wave_id = %s AND NOT EXISTS (SELECT FROM surveys_response r WHERE r.id = surveys_invitation.id)",
            [wave_id],
        )
        silent = cursor.fetchall()
        started = time.perf_counter()
        for place, row in enumerate(silent):
            cursor.execute(_PLAIN, [*row, 1 + place % 5])
        return len(silent) / (time.perf_counter() - started)
