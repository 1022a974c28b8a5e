"""What it costs to take an answer: the page's own path against a plain INSERT of the same answers, one a commit."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction

from shouyue.customers.public import CustomerFacts, ensure_customers
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.main.bench.line import Line, line
from shouyue.surveys.public import WaveWish, links_of, open_wave, send_answers

_ROWS = 2_000
_ZONE, _BY, _SEED = "Asia/Shanghai", "bench", "5a" * 32
_PLAIN = """
INSERT INTO surveys_response (customer_id, id, wave_id, asked_on, score, answered_at)
VALUES (%s, %s, %s, %s, %s, now())
"""


def measure_intake(rows: int | None) -> Iterator[Line]:
    """Answers a second. rows: answers of each kind, default 2,000."""
    number = rows or _ROWS
    at = clock.now()
    with transaction.atomic():
        ensure_customers(
            CustomerFacts(id=new_id(), source="bench", source_key=f"C{place}", kind="person")
            for place in range(2 * number)
        )
    wish = WaveWish(
        questionnaire="customer_satisfaction",
        wanted=2 * number,
        closes_on=clock.day_in(_ZONE, at) + timedelta(days=20),
        zone=_ZONE,
        seed=_SEED,
    )
    plan = open_wave(wish, at=at, by=_BY)
    links = links_of(plan)
    started = time.perf_counter()
    for place, link in enumerate(links[:number]):
        send_answers(link, {"overall": [str(1 + place % 5)], "recommend": ["9"]}, at=at)
    own = number / (time.perf_counter() - started)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, id, wave_id, asked_on FROM surveys_invitation"
            " WHERE wave_id = %s AND NOT EXISTS (SELECT FROM surveys_response r WHERE r.id = surveys_invitation.id)",
            [plan.wave_id],
        )
        silent = cursor.fetchall()
        started = time.perf_counter()
        for place, row in enumerate(silent):
            cursor.execute(_PLAIN, [*row, 1 + place % 5])
        plain = len(silent) / (time.perf_counter() - started)
    yield line(
        "intake",
        "answers kept, counted once and announced, against a plain INSERT of one row a commit (ratio: the cost)",
        size=number,
        value=own,
        unit="answers/s",
        baseline=plain,
        ratio=plain / own,
    )
